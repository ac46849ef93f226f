// SPDX-License-Identifier: Apache-2.0
import Daemon
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Agent

/// Cycles in which something fails, and what is said of them.
@Suite(.timeLimit(.minutes(1))) struct CycleFaultTests {
    struct Broken: Error {}

    private let log = LogMemory()

    private func runner(_ yaml: String, _ plugins: Plugins) throws -> CycleRunner {
        CycleRunner(
            setup: try .of("sources:\n\(yaml)", plugins), pool: PollsterPool(), faults: FaultLog(log: log.logger))
    }

    private func cycle(_ runner: CycleRunner) async throws -> (samples: Int, errors: Int) {
        let group = try #require(runner.setup.plan.groups.first)
        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(60), meters: group.meters)
        let result = await runner.run(group, cycle) { _ in }
        return (result.samples, result.errors.count)
    }

    @Test func aDiscoveryThatFailsIsSaidOnceForAllItsPollsters() async throws {
        let runner = try runner(
            "- {name: a, interval: 60, meters: ['*']}\n",
            Plugins(
                pollsters: [.of("one", ["a"]), .of("two", ["b"]), .of("three", ["c"])],
                discoveries: [.of("local", TestDiscovery(["vm-1"], failures: 2))]))
        #expect(try await cycle(runner).samples == 0)
        _ = try await cycle(runner)
        #expect(try await cycle(runner) == (samples: 3, errors: 0))
        #expect(
            log.lines == [
                "error: discovery local fails; trying again each cycle cycles=1 error=Failure()",
                "debug: discovery local fails; trying again each cycle cycles=2 error=Failure()",
                "notice: discovery local works again cycles missed=2",
            ])
    }

    @Test func withoutResourcesAPollsterIsNotAsked() async throws {
        let asked = Mutex(0)
        let counting = PollsterRegistration.of("one", ["a"]) { _, _, _ in
            asked.withLock { $0 += 1 }
            return []
        }
        let runner = try runner(
            "- {name: a, interval: 60, meters: ['*']}\n",
            Plugins(pollsters: [counting], discoveries: [.of("local", TestDiscovery([]))]))
        _ = try await cycle(runner)
        #expect(asked.withLock { $0 } == 0)
    }

    @Test func aPollsterOfTheHostItselfIsAskedWithoutResources() async throws {
        let host = PollsterRegistration.of("host", ["a"], discovery: nil) { resources, _, cycle in
            #expect(resources == [])
            return [Sample(Meter("a", .gauge, unit: ""), 1, of: Resource(id: "host"), in: cycle)]
        }
        let runner = try runner("- {name: a, interval: 60, meters: ['*']}\n", Plugins(pollsters: [host]))
        #expect(try await cycle(runner).samples == 1)
    }

    @Test func whatOneOfTwoDiscoveriesFoundIsPolled() async throws {
        let runner = try runner(
            "- {name: a, interval: 60, meters: ['*'], discovery: [broken, local]}\n",
            Plugins(
                pollsters: [.of("one", ["a"])],
                discoveries: [
                    .of("local", TestDiscovery(["vm-1"])), .of("broken", TestDiscovery([], failures: 1)),
                ]))
        #expect(try await cycle(runner) == (samples: 1, errors: 1))
    }

    @Test func aPollsterThatFailsOnOneOfTwoSelectionsIsNotMendedByTheOther() async throws {
        let picky = PollsterRegistration.of("picky", ["a"]) { resources, meters, cycle in
            if resources.contains(where: { $0.id == "vm-bad" }) { throw Broken() }
            return try await PollsterRegistration.eachOnce(resources, meters, cycle)
        }
        let runner = try runner(
            "- {name: a, interval: 60, meters: [a], resources: [vm-bad]}\n"
                + "- {name: b, interval: 60, meters: [a], resources: [vm-1]}\n",
            Plugins(pollsters: [picky]))
        for _ in 1...3 { #expect(try await cycle(runner) == (samples: 1, errors: 1)) }
        #expect(
            log.lines.first
                == "error: pollster picky fails; trying again each cycle context=every 60 s on vm-bad cycles=1 "
                + "error=Broken()"
        )
        #expect(log.lines.dropFirst().allSatisfy { $0.hasPrefix("debug:") })
    }
}
