// SPDX-License-Identifier: Apache-2.0
import Daemon
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Agent

@Suite(.timeLimit(.minutes(1))) struct CycleRunnerTests {
    struct Broken: Error {}

    private let log = LogMemory()
    private let discovery = TestDiscovery(["vm-1", "vm-2"])

    private func runner(_ yaml: String, _ pollsters: [PollsterRegistration]) throws -> CycleRunner {
        let plugins = Plugins(pollsters: pollsters, discoveries: [.of("local", discovery)])
        return CycleRunner(
            setup: try .of("sources:\n\(yaml)", plugins), pool: PollsterPool(), faults: FaultLog(log: log.logger))
    }

    /// What is delivered, as `meter resource`, sorted, and how many errors there were.
    private func cycle(
        _ runner: CycleRunner, deliver: @escaping @Sendable ([Sample]) -> Void = { _ in }
    ) async throws -> (samples: [String], errors: Int) {
        let group = try #require(runner.setup.plan.groups.first)
        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(60), meters: group.meters)
        let delivered = Mutex<[String]>([])
        let result = await runner.run(group, cycle) { samples in
            delivered.withLock { $0 += samples.map { "\($0.name) \($0.resourceID)" } }
            deliver(samples)
        }
        let samples = delivered.withLock { $0.sorted() }
        #expect(result.samples == samples.count)
        return (samples, result.errors.count)
    }

    private let everything = "- {name: a, interval: 60, meters: ['*']}\n"

    @Test func everyPollsterGetsTheDiscoveredResources() async throws {
        let runner = try runner(everything, [.of("one", ["a"]), .of("two", ["b"])])
        #expect(try await cycle(runner).samples == ["a vm-1", "a vm-2", "b vm-1", "b vm-2"])
    }

    @Test func aPollsterIsAskedForTheWantedMetersOnly() async throws {
        let runner = try runner("- {name: a, interval: 60, meters: [a, c]}\n", [.of("one", ["a", "b", "c"])])
        #expect(try await cycle(runner).samples == ["a vm-1", "a vm-2", "c vm-1", "c vm-2"])
    }

    @Test func resourcesNamedOutrightArePolledWithoutDiscovery() async throws {
        let runner = try runner("- {name: a, interval: 60, meters: [a], resources: [vm-9]}\n", [.of("one", ["a"])])
        #expect(try await cycle(runner).samples == ["a vm-9"])
        #expect(discovery.asked == [:])
    }

    @Test func aPollsterThatFailsKeepsNobody() async throws {
        let runner = try runner(
            everything, [.of("broken", ["a"]) { _, _, _ in throw Broken() }, .of("good", ["b"])])
        let result = try await cycle(runner)
        #expect(result.samples == ["b vm-1", "b vm-2"])
        #expect(result.errors == 1)
        #expect(log.lines.filter { $0.hasPrefix("error") }.count == 1)
    }

    @Test func aPollsterThatIsSlowKeepsNobody() async throws {
        let (fastIsDelivered, signal) = AsyncStream<Void>.makeStream()
        let slow = PollsterRegistration.of("slow", ["a"]) { resources, meters, cycle in
            for await _ in fastIsDelivered {}
            return try await PollsterRegistration.eachOnce(resources, meters, cycle)
        }
        let runner = try runner(everything, [slow, .of("fast", ["b"])])
        // The slow one ends only after the fast one's samples are out: in a row, this would never end.
        let result = try await cycle(runner) { if $0.first?.name == "b" { signal.finish() } }
        #expect(result.samples.count == 4)
    }

    @Test func aDiscoveryIsAskedOnceForAll() async throws {
        let runner = try runner(
            everything + "- {name: b, interval: 60, meters: [c], discovery: [local, 'local:x']}\n",
            [.of("one", ["a"]), .of("two", ["b"]), .of("three", ["c"])])
        _ = try await cycle(runner)
        #expect(discovery.asked == ["": 1, "x": 1])
    }

    @Test func aDiscoveryIsAskedAgainInTheNextCycle() async throws {
        let runner = try runner(everything, [.of("one", ["a"])])
        _ = try await cycle(runner)
        _ = try await cycle(runner)
        #expect(discovery.asked == ["": 2])
    }

    @Test func theSameMeterInTwoSourcesIsSentOnce() async throws {
        let runner = try runner(
            "- {name: a, interval: 60, meters: [a]}\n- {name: b, interval: 60, meters: [a], discovery: ['local:x']}\n"
                + "- {name: c, interval: 60, meters: ['*'], resources: [vm-2, vm-3]}\n",
            [.of("one", ["a", "b"])])
        #expect(try await cycle(runner).samples == ["a vm-1", "a vm-2", "a vm-3", "b vm-2", "b vm-3"])
    }

    @Test func aPollsterMayGiveAMeterOfAResourceTwice() async throws {
        let twice = PollsterRegistration.of("disk", ["a"]) { resources, _, cycle in
            [1, 2].map { Sample(Meter("a", .gauge, unit: ""), $0, of: resources[0], in: cycle) }
        }
        #expect(try await cycle(try runner(everything, [twice])).samples == ["a vm-1", "a vm-1"])
    }
}
