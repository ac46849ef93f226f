// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Agent

@Suite(.timeLimit(.minutes(1))) struct SinglePollTests {
    struct Broken: Error, CustomStringConvertible {
        var description: String { "could not read cpu" }
    }

    private let log = LogMemory()

    private func outcome(_ yaml: String, _ pollsters: [PollsterRegistration], failures: Int = 0) async throws
        -> SinglePoll.Outcome
    {
        let plugins = Plugins(
            pollsters: pollsters, discoveries: [.of("local", TestDiscovery(["vm-1"], failures: failures))])
        return await SinglePoll(setup: try .of("sources:\n\(yaml)", plugins), log: log.logger, gap: .zero).run()
    }

    /// Gives as its value how many times it has been polled.
    private func counter(_ name: String, _ meter: String, needsTwoReadings: Bool = false) -> PollsterRegistration {
        let polls = Mutex(0)
        return .of(name, [meter], needsTwoReadings: needsTwoReadings) { resources, _, cycle in
            let count = polls.withLock { polls in
                polls += 1
                return polls
            }
            return resources.map { Sample(Meter(meter, .gauge, unit: ""), Volume(count), of: $0, in: cycle) }
        }
    }

    @Test func everySourceIsPolledOnceWhateverItsInterval() async throws {
        let outcome = try await outcome(
            "- {name: a, interval: 10, meters: [a]}\n- {name: b, interval: 86400, meters: [b]}\n",
            [counter("one", "a"), counter("two", "b")])
        #expect(outcome.samples.map { "\($0.name) \($0.volume)" } == ["a 1", "b 1"])
        #expect(outcome.errors == [])
    }

    @Test func aMeterOfTwoReadingsGivesTheSecond() async throws {
        let outcome = try await outcome(
            "- {name: a, interval: 10, meters: [a]}\n- {name: b, interval: 60, meters: [rate]}\n",
            [counter("one", "a"), counter("two", "rate", needsTwoReadings: true)])
        #expect(outcome.samples.map { "\($0.name) \($0.volume)" } == ["a 1", "rate 2"])
    }

    @Test func anErrorIsALineAndNotLogged() async throws {
        let broken = PollsterRegistration.of("broken", ["a"]) { _, _, _ in throw Broken() }
        let outcome = try await outcome("- {name: a, interval: 10, meters: ['*']}\n", [broken, counter("two", "b")])
        #expect(outcome.samples.map(\.name) == ["b"])
        #expect(outcome.errors == ["could not read cpu"])
        #expect(log.lines == [])
    }

    @Test func theSameErrorIsToldOnce() async throws {
        let outcome = try await outcome(
            "- {name: a, interval: 10, meters: ['*']}\n", [counter("one", "a"), counter("two", "b")], failures: 1)
        #expect(outcome.samples.isEmpty)
        #expect(outcome.errors == ["Failure()"])
    }

    @Test func whatFailsOnlyTheFirstOfTwoTimesIsNoError() async throws {
        let outcome = try await outcome(
            "- {name: a, interval: 10, meters: ['*']}\n", [counter("one", "rate", needsTwoReadings: true)], failures: 1)
        #expect(outcome.samples.map { "\($0.volume)" } == ["1"])
        #expect(outcome.errors == [])
    }
}
