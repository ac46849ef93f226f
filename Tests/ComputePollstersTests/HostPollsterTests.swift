// SPDX-License-Identifier: Apache-2.0
import Libvirt
import Logging
import Settings
import Telemetry
import TestSupport
import Testing

@testable import ComputePollsters

/// The host's own meters.
@Suite struct HostPollsterTests {
    struct Change: Sendable {
        var before: HostUse.CPUTimes?
        var now: HostUse.CPUTimes?
        var percent: Double?

        /// Each busy, waiting, idle.
        init(_ before: (UInt64, UInt64, UInt64)?, _ now: (UInt64, UInt64, UInt64)?, _ percent: Double?) {
            self.before = before.map { .init(busy: $0.0, waiting: $0.1, idle: $0.2) }
            self.now = now.map { .init(busy: $0.0, waiting: $0.1, idle: $0.2) }
            self.percent = percent
        }
    }

    @Test(arguments: [
        Change((100, 10, 100), (120, 20, 170), 30), Change((100, 0, 100), (200, 0, 100), 100),
        Change((100, 10, 100), (100, 10, 101), 0),
        Change((100, 10, 100), (130, 9, 170), 30),  // as Linux tells it at times
        Change((100, 10, 100), (100, 10, 100), nil),  // no time has passed
        Change((100, 10, 100), (7, 0, 200), nil),  // the host was started anew
        Change(nil, (7, 0, 7), nil), Change((7, 0, 7), nil, nil),
    ])
    func theShareThatWasUsed(_ change: Change) {
        #expect(HostPollster.percent(change.now, since: change.before) == change.percent)
    }

    /// What datasources of strategies ask for, of a real hypervisor.
    @Test(.enabled(if: HypervisorLab.unavailable == nil, "\(HypervisorLab.unavailable ?? "")"), .timeLimit(.minutes(1)))
    func theSecondPollTellsBothMetersOfTheHost() async throws {
        let lab = try await HypervisorLab.start { _ in }
        defer { lab.purge() }
        let (pollster, host) = try await made(["libvirt_uri": lab.uri, "host": "rack1-a"])
        let first = try await poll(pollster, [host], 1)
        #expect(first.map(\.name) == ["hardware.memory.used"])
        try await Task.sleep(for: .milliseconds(200))
        let samples = try await poll(pollster, [host], 2)
        #expect(samples.map(\.name) == ["compute.node.cpu.percent", "hardware.memory.used"])
        #expect(samples.map(\.unit) == ["%", "KB"])
        #expect(samples.allSatisfy { $0.resourceID == "rack1-a_rack1-a" && $0.projectID == nil && $0.kind == .gauge })
        #expect((0...100).contains(samples[0].volume.doubleValue))
        #expect(samples[1].volume.doubleValue > 10_000)
        #expect(samples[0].resourceMetadata["host"] == "rack1-a")
    }

    @Test func whatIsNotTheHostGivesNothing() async throws {
        let (pollster, _) = try await made(["libvirt_uri": "test:///default"])
        #expect(try await poll(pollster, [Resource(id: "6695eb01-f6a4-8304-79aa-97f2502e193f")], 1) == [])
    }

    @Test func aHypervisorThatIsNotThereIsAnError() async throws {
        let (pollster, host) = try await made(["libvirt_uri": "qemu:///system?socket=/nowhere/sock"])
        await #expect(throws: LibvirtError.self) { try await poll(pollster, [host], 1) }
        // Where domains are polled too it is their error, told once.
        var cycle = cycle(2)
        cycle.meters.insert("cpu")
        #expect(try await pollster.poll([host], meters: cycle.meters, in: cycle) == [])
    }

    private func made(_ settings: [String: String]) async throws -> (any Pollster, Resource) {
        let configuration = Configuration(documents: [], environment: [:], overrides: ["DEFAULT": settings])
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let plugins = ComputePlugins(try ComputeSettings(configuration), isPatient: false, log: log)
        let registration = try #require(plugins.pollsters.first { $0.name == "host" })
        let discovery = try #require(plugins.discoveries.first { $0.name == registration.defaultDiscovery })
        let found = try await discovery.discovery.discover(nil, in: cycle(0))
        return (registration.make(), try #require(found.first))
    }

    private func poll(_ pollster: any Pollster, _ resources: [Resource], _ number: UInt64) async throws -> [Sample] {
        try await pollster.poll(resources, meters: cycle(number).meters, in: cycle(number))
    }

    private func cycle(_ number: UInt64) -> PollingCycle {
        PollingCycle(
            number: number, deadline: .now + .seconds(60), meters: ["compute.node.cpu.percent", "hardware.memory.used"])
    }
}
