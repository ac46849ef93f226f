// SPDX-License-Identifier: Apache-2.0
import Daemon
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Agent

@Suite(.timeLimit(.minutes(1))) struct StreamingPollsterTests {
    struct Broken: Error {}

    /// Gives three parts, and may fail before the last.
    private struct Parts: StreamingPollster {
        var fails: Bool

        func poll(
            _ resources: [Resource], meters: Set<String>, in cycle: PollingCycle,
            deliver: @Sendable ([Sample]) async throws -> Void
        ) async throws {
            for part in 1...3 {
                if part == 3, fails { throw Broken() }
                let resources = [Resource(id: "\(part)-a"), Resource(id: "\(part)-b")]
                try await deliver(resources.map { Sample(Meter("a", .gauge, unit: ""), 1, of: $0, in: cycle) })
            }
        }
    }

    private func cycle(fails: Bool) async throws -> (deliveries: [[String]], rooms: Int, errors: Int) {
        let pollster = PollsterRegistration(
            name: "parts", namespaces: ["compute"], meters: [Meter("a", .gauge, unit: "")]
        ) { Parts(fails: fails) }
        let setup = try AgentSetup.of(
            "sources: [{name: a, interval: 60, meters: [a]}]", Plugins(pollsters: [pollster]))
        let runner = CycleRunner(
            setup: setup, pool: PollsterPool(), faults: FaultLog(log: LogMemory().logger), times: PollTimes())
        let group = try #require(setup.plan.groups.first)
        let seen = Mutex<(deliveries: [[String]], rooms: Int)>(([], 0))
        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(60), meters: group.meters)
        let result = await runner.run(group, cycle) {
            seen.withLock { $0.rooms += 1 }
        } deliver: { samples in
            seen.withLock { $0.deliveries.append(samples.map(\.resourceID)) }
        }
        let (deliveries, rooms) = seen.withLock { $0 }
        #expect(result.samples == deliveries.joined().count)
        return (deliveries, rooms, result.errors.count)
    }

    @Test func eachPartIsDeliveredByItselfAndWaitsForRoom() async throws {
        let result = try await cycle(fails: false)
        #expect(result.deliveries == [["1-a", "1-b"], ["2-a", "2-b"], ["3-a", "3-b"]])
        #expect(result.rooms == 3 && result.errors == 0)
    }

    @Test func whatCameBeforeAnErrorStaysDelivered() async throws {
        let result = try await cycle(fails: true)
        #expect(result.deliveries == [["1-a", "1-b"], ["2-a", "2-b"]])
        #expect(result.errors == 1)
    }
}
