// SPDX-License-Identifier: Apache-2.0
import Logging
import Settings
import Telemetry
import Testing

@testable import ComputePollsters

/// The plug-ins as the agent uses them, over libvirt's test driver, whose domain burns one core of its two.
@Suite struct TestDriverTests {
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func plugins(
        _ settings: [String: String] = [:], compute: [String: String] = [:]
    ) throws -> ComputePlugins {
        var settings = settings
        settings["libvirt_uri"] = settings["libvirt_uri"] ?? "test:///default"
        let configuration = Configuration(
            documents: [], environment: [:], overrides: ["DEFAULT": settings, "compute": compute])
        return ComputePlugins(try ComputeSettings(configuration), isPatient: false, log: log)
    }

    private func cycle(_ number: UInt64, meters: Set<String> = ["cpu", "cpu_util"]) -> PollingCycle {
        PollingCycle(number: number, deadline: .now + .seconds(60), meters: meters)
    }

    /// A pollster that has the meter.
    private func pollster(_ meter: String, _ plugins: ComputePlugins) throws -> any Pollster {
        try #require(plugins.pollsters.first { $0.meters.contains { $0.name == meter } }).make()
    }

    @Test func theFirstPollGivesTheCounterAlone() async throws {
        let plugins = try plugins()
        let resources = try await plugins.discoveries[0].discovery.discover(nil, in: cycle(1))
        let samples = try await pollster("cpu", plugins).poll(resources, meters: ["cpu"], in: cycle(1))
        #expect(try await pollster("cpu_util", plugins).poll(resources, meters: ["cpu_util"], in: cycle(1)) == [])
        #expect(samples.map(\.name) == ["cpu"])
        #expect(samples[0].unit == "ns")
        #expect(samples[0].kind == .cumulative)
        #expect(samples[0].resourceMetadata["cpu_number"] == 2)
    }

    @Test func theSecondPollGivesTheShareOfBothVirtualCPUs() async throws {
        let plugins = try plugins()
        let pollster = try pollster("cpu_util", plugins)
        var samples: [Sample] = []
        for number in 1...2 as ClosedRange<UInt64> {
            let resources = try await plugins.discoveries[0].discovery.discover(nil, in: cycle(number))
            samples = try await pollster.poll(resources, meters: ["cpu_util"], in: cycle(number))
            try await Task.sleep(for: .milliseconds(400))
        }
        #expect(samples.map(\.name) == ["cpu_util"])
        // A machine with other work may stop us between the clock and the driver's.
        #expect(abs(samples[0].volume.doubleValue - 50) < 10)
        #expect(samples[0].resourceMetadata["cpu_number"] == nil)
    }

    /// The driver tells a device only to who names it, and nobody can before the first description is read.
    @Test func devicesAreThereOnTheFirstPoll() async throws {
        let plugins = try plugins()
        let meters: Set = ["disk.device.capacity", "network.incoming.bytes"]
        let resources = try await plugins.discoveries[0].discovery.discover(nil, in: cycle(1, meters: meters))
        let disks = try await pollster("disk.device.capacity", plugins).poll(
            resources, meters: meters, in: cycle(1, meters: meters))
        #expect(disks.count == 1)
        #expect(disks.first?.resourceMetadata["disk_name"] != nil)
    }

    @Test func domainsThatNovaDidNotStartCanBeLeftOut() async throws {
        let discovery = try plugins(compute: ["nova_only": "true"]).discoveries[0].discovery
        #expect(try await discovery.discover(nil, in: cycle(1)) == [])
    }

    @Test func discoveryAndPollsterShareOneRead() async throws {
        let plugins = try plugins()
        let resources = try await plugins.discoveries[0].discovery.discover(nil, in: cycle(1))
        let pollster = try pollster("cpu", plugins)
        let first = try await pollster.poll(resources, meters: ["cpu"], in: cycle(1))
        let again = try await pollster.poll(resources, meters: ["cpu"], in: cycle(1))
        let later = try await pollster.poll(resources, meters: ["cpu"], in: cycle(2))
        #expect(first[0].volume == again[0].volume)
        #expect(first[0].volume != later[0].volume)
    }

    @Test func aResourceThatIsNoDomainGivesNothing() async throws {
        let samples = try await pollster("cpu", plugins()).poll(
            [Resource(id: "no-such-domain")], meters: ["cpu"], in: cycle(1))
        #expect(samples == [])
    }

    @Test func aHypervisorThatIsNotThereIsAnError() async throws {
        let plugins = try plugins(["libvirt_uri": "qemu:///system?socket=/nowhere/sock"])
        await #expect(throws: (any Error).self) {
            try await plugins.discoveries[0].discovery.discover(nil, in: cycle(1))
        }
    }

    /// Every meter of every pollster is well named, and nothing comes of no resources.
    @Test func pollstersKeepTheContract() async throws {
        let plugins = try plugins()
        let names = plugins.pollsters.flatMap { $0.meters.map(\.name) }
        #expect(Set(names).count == names.count)
        for registration in plugins.pollsters {
            let meters = Set(registration.meters.map(\.name))
            let pollster = registration.make()
            #expect(try await pollster.poll([], meters: meters, in: cycle(9)) == [])
        }
    }
}
