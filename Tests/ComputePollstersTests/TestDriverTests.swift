// SPDX-License-Identifier: Apache-2.0
import Logging
import Settings
import Telemetry
import Testing

@testable import ComputePollsters

/// The plug-ins as the agent uses them, over libvirt's test driver, whose domain burns one core of its two.
@Suite struct TestDriverTests {
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func plugins(_ settings: [String: String] = [:]) throws -> ComputePlugins {
        var settings = settings
        settings["libvirt_uri"] = settings["libvirt_uri"] ?? "test:///default"
        let configuration = Configuration(documents: [], environment: [:], overrides: ["DEFAULT": settings])
        return ComputePlugins(try ComputeSettings(configuration), isPatient: false, log: log)
    }

    private func cycle(_ number: UInt64) -> PollingCycle {
        PollingCycle(number: number, deadline: .now + .seconds(10), meters: ["cpu", "cpu_util"])
    }

    @Test func theFirstPollGivesTheCounterAlone() async throws {
        let plugins = try plugins()
        let resources = try await plugins.discoveries[0].discovery.discover(nil, in: cycle(1))
        let samples = try await plugins.pollsters[0].make().poll(resources, meters: ["cpu", "cpu_util"], in: cycle(1))
        #expect(samples.map(\.name) == ["cpu"])
        #expect(samples[0].unit == "ns")
        #expect(samples[0].kind == .cumulative)
        #expect(samples[0].resourceMetadata["cpu_number"] == 2)
    }

    @Test func theSecondPollGivesTheShareOfBothVirtualCPUs() async throws {
        let plugins = try plugins()
        let pollster = plugins.pollsters[0].make()
        var samples: [Sample] = []
        for number in 1...2 as ClosedRange<UInt64> {
            let resources = try await plugins.discoveries[0].discovery.discover(nil, in: cycle(number))
            samples = try await pollster.poll(resources, meters: ["cpu_util"], in: cycle(number))
            try await Task.sleep(for: .milliseconds(80))
        }
        #expect(samples.map(\.name) == ["cpu_util"])
        #expect(abs(samples[0].volume.doubleValue - 50) < 1)
        #expect(samples[0].resourceMetadata["cpu_number"] == nil)
    }

    @Test func discoveryAndPollsterShareOneRead() async throws {
        let plugins = try plugins()
        let resources = try await plugins.discoveries[0].discovery.discover(nil, in: cycle(1))
        let pollster = plugins.pollsters[0].make()
        let first = try await pollster.poll(resources, meters: ["cpu"], in: cycle(1))
        let again = try await pollster.poll(resources, meters: ["cpu"], in: cycle(1))
        let later = try await pollster.poll(resources, meters: ["cpu"], in: cycle(2))
        #expect(first[0].volume == again[0].volume)
        #expect(first[0].volume != later[0].volume)
    }

    @Test func aResourceThatIsNoDomainGivesNothing() async throws {
        let samples = try await plugins().pollsters[0].make().poll(
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
