// SPDX-License-Identifier: Apache-2.0
import Daemon
import Settings
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Agent

/// `threads_to_process_pollsters`: how many pollsters of a source are at work at a time.
@Suite(.timeLimit(.minutes(1))) struct BoundedCycleTests {
    /// Who is at work, and who ever was.
    private final class Watch: Sendable {
        private let state = Mutex<(now: [String: Int], most: [String: Int], names: [String])>(([:], [:], []))

        func enter(_ source: String, _ name: String) {
            state.withLock { state in
                state.now[source, default: 0] += 1
                state.most[source] = max(state.most[source] ?? 0, state.now[source] ?? 0)
                state.names.append(name)
            }
        }

        func leave(_ source: String) { state.withLock { $0.now[source, default: 0] -= 1 } }

        /// At a time, by source.
        var most: [String: Int] { state.withLock { $0.most } }
        var names: [String] { state.withLock { $0.names.sorted() } }
    }

    private let yaml = """
        sources:
        - {name: a, interval: 60, meters: ["a.*"]}
        - {name: b, interval: 60, meters: ["b.*"]}

        """

    private func run(atOnce limit: Int, _ watch: Watch) async throws {
        let pollsters = ["a", "b"].flatMap { source in
            (0..<6).map { number in
                PollsterRegistration.of("\(source)\(number)", ["\(source).\(number)"]) { _, _, _ in
                    watch.enter(source, "\(source)\(number)")
                    // Long enough that all who may begin do.
                    try await Task.sleep(for: .milliseconds(30))
                    watch.leave(source)
                    return []
                }
            }
        }
        let plugins = Plugins(pollsters: pollsters, discoveries: [.of("local", TestDiscovery(["vm-1"]))])
        var setup = try AgentSetup.of(yaml, plugins)
        setup.pollstersAtOnce = limit
        let group = try #require(setup.plan.groups.first)
        let runner = CycleRunner(setup: setup, pool: PollsterPool(), faults: FaultLog(log: LogMemory().logger))
        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(60), meters: group.meters)
        _ = await runner.run(group, cycle) { _ in }
    }

    private static let all = ["a", "b"].flatMap { source in (0..<6).map { "\(source)\($0)" } }

    @Test(arguments: [1, 2, 5]) func noMoreOfASourceAreAtWorkThanAllowedAndAllGetTheirTurn(limit: Int) async throws {
        let watch = Watch()
        try await run(atOnce: limit, watch)
        #expect(watch.names == Self.all)
        #expect(watch.most.values.allSatisfy { (1...limit).contains($0) }, "\(watch.most)")
    }

    @Test func withZeroNobodyWaits() async throws {
        let began = Mutex(0)
        // Each waits until all have begun: with any bound they never would.
        let pollsters = (0..<6).map { number in
            PollsterRegistration.of("p\(number)", ["a.\(number)"]) { _, _, _ in
                began.withLock { $0 += 1 }
                while began.withLock({ $0 < 6 }) { try await Task.sleep(for: .milliseconds(1)) }
                return []
            }
        }
        let plugins = Plugins(pollsters: pollsters, discoveries: [.of("local", TestDiscovery(["vm-1"]))])
        let setup = try AgentSetup.of("sources:\n- {name: a, interval: 60, meters: [\"a.*\"]}\n", plugins)
        let group = try #require(setup.plan.groups.first)
        let runner = CycleRunner(setup: setup, pool: PollsterPool(), faults: FaultLog(log: LogMemory().logger))
        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(60), meters: group.meters)
        #expect(await runner.run(group, cycle) { _ in }.errors.isEmpty)
        #expect(began.withLock(\.self) == 6)
    }

    @Test(arguments: [
        ("", 0), ("[polling]\nthreads_to_process_pollsters = 3\n", 3),
        ("[DEFAULT]\nthreads_to_process_pollsters = 4\n", 4),
        ("[DEFAULT]\nthreads_to_process_pollsters = 4\n[polling]\nthreads_to_process_pollsters = 1\n", 1),
    ])
    func theOptionStandsWhereCeilometerReadsIt(text: String, count: Int) throws {
        #expect(try Operator(["a.conf": text]).load().pollstersAtOnce == count)
    }

    @Test func aNegativeCountIsAMistake() {
        let mistakes = try? Operator(["a.conf": "[polling]\nthreads_to_process_pollsters = -1\n"]).mistakes()
        #expect(mistakes?.first?.contains("threads_to_process_pollsters: \"-1\"") == true, "\(mistakes ?? [])")
    }
}
