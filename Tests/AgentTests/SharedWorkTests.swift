// SPDX-License-Identifier: Apache-2.0
import Daemon
import Logging
import Pipelines
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Agent

@Suite(.timeLimit(.minutes(1))) struct SharedWorkTests {
    /// Has what its list names.
    private struct Share: WorkSharing {
        var names: Set<String>

        func share(in groups: Set<String>) -> WorkShare {
            WorkShare({ [names] in names.contains($0) }) { _, _ in false }
        }
    }

    private func cycle(
        _ yaml: String, _ pollster: PollsterRegistration, isLocal: Bool = false, share: Set<String>
    ) async throws -> [String] {
        let discovery = DiscoveryRegistration(
            name: "local", namespaces: ["compute"], isLocal: isLocal, discovery: TestDiscovery(["vm-1", "vm-2"]))
        let plugins = Plugins(pollsters: [pollster], discoveries: [discovery])
        let setup = AgentSetup(
            plan: try PollingPlan("sources:\n\(yaml)", plugins, namespaces: ["central", "compute"]),
            pipeline: .standardOutput, plugins: plugins, generation: 1, sampleSource: "openstack", jitter: 0,
            shutdownTimeout: .seconds(1), logLevel: .info, reportInterval: .zero, remarks: [])
        let runner = CycleRunner(
            setup: setup, pool: PollsterPool(), faults: FaultLog(log: LogMemory().logger), sharing: Share(names: share))
        let group = try #require(setup.plan.groups.first)
        let delivered = Mutex<[String]>([])
        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(60), meters: group.meters)
        _ = await runner.run(group, cycle) { samples in delivered.withLock { $0 += samples.map(\.resourceID) } }
        return delivered.withLock { $0.sorted() }
    }

    private let everything = "- {name: a, interval: 60, meters: ['*']}\n"

    @Test func ofWhatIsDiscoveredAnAgentPollsItsShare() async throws {
        #expect(try await cycle(everything, .of("one", ["a"]), share: ["vm-2"]) == ["vm-2"])
        #expect(try await cycle(everything, .of("one", ["a"]), share: []) == [])
    }

    @Test func whatIsOnThisHostIsNotDivided() async throws {
        #expect(try await cycle(everything, .of("one", ["a"]), isLocal: true, share: []) == ["vm-1", "vm-2"])
    }

    @Test func resourcesNamedOutrightAreDividedInTheCentralNamespace() async throws {
        let named = "- {name: a, interval: 60, meters: [a], resources: [r-1, r-2]}\n"
        #expect(try await cycle(named, .of("one", ["a"], namespaces: ["central"]), share: ["r-1"]) == ["r-1"])
        #expect(try await cycle(named, .of("one", ["a"]), share: ["r-1"]) == ["r-1", "r-2"])
    }

    @Test func aPollsterWithoutResourcesIsOneAgents() async throws {
        let pollster = PollsterRegistration.of("api", ["a"], namespaces: ["central"], discovery: nil) { _, _, cycle in
            [Sample(Meter("a", .gauge, unit: ""), 1, of: Resource(id: "thing"), in: cycle)]
        }
        #expect(try await cycle(everything, pollster, share: []) == [])
        #expect(try await cycle(everything, pollster, share: ["pollster api"]) == ["thing"])
    }
}
