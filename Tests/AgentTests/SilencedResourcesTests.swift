// SPDX-License-Identifier: Apache-2.0
import Daemon
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Agent

@Suite(.timeLimit(.minutes(1))) struct SilencedResourcesTests {
    private let silenced = SilencedResources()
    private let start = MonotonicTime(nanoseconds: 0)
    private let resources = [Resource(id: "vm-1"), Resource(id: "vm-2")]

    /// Those that may be polled so many seconds after the start.
    private func audible(after seconds: Int, of pollster: String = "cpu") -> [String] {
        silenced.audible(resources, for: pollster, at: start + .seconds(seconds)).map(\.id)
    }

    @Test func aSilenceIsOneResourcesAndOnePollsters() {
        _ = silenced.silence(["vm-1"], of: "cpu", at: start)
        #expect(audible(after: 1) == ["vm-2"])
        #expect(audible(after: 1, of: "disk") == ["vm-1", "vm-2"])
    }

    @Test func itEndsAfterFiveMinutesAndDoublesUpToFourHours() {
        var now = start
        let lengths = (0..<8).map { _ in
            let length = silenced.silence(["vm-1"], of: "cpu", at: now)
            now = now + length
            #expect(silenced.audible(resources, for: "cpu", at: now).count == 2)
            return length.components.seconds
        }
        #expect(lengths == [300, 600, 1200, 2400, 4800, 9600, 14_400, 14_400])
    }

    @Test func whoWasPolledWellStartsAnew() {
        _ = silenced.silence(["vm-1"], of: "cpu", at: start)
        silenced.forget([Resource(id: "vm-1")], of: "cpu")
        #expect(audible(after: 1) == ["vm-1", "vm-2"])
        #expect(silenced.silence(["vm-1"], of: "cpu", at: start) == .seconds(300))
    }

    @Test func whatIsNotAskedForAnyMoreIsForgotten() {
        _ = silenced.silence(["vm-1"], of: "cpu", at: start)
        _ = audible(after: 300 + 14_400)
        #expect(silenced.silence(["vm-1"], of: "cpu", at: start + .seconds(20_000)) == .seconds(300))
    }

    @Test func aPermanentErrorCostsThatResourceAloneAndIsSaidOnce() async throws {
        let log = LogMemory()
        let asked = Mutex<[[String]]>([])
        let picky = PollsterRegistration.of("picky", ["a"]) { resources, meters, cycle in
            asked.withLock { $0.append(resources.map(\.id)) }
            let good = resources.filter { $0.id != "vm-1" }
            let samples = try await PollsterRegistration.eachOnce(good, meters, cycle)
            guard good.count == resources.count else {
                throw PollsterPermanentError("not for you", resourceIDs: ["vm-1"], samples: samples)
            }
            return samples
        }
        let plugins = Plugins(
            pollsters: [picky], discoveries: [.of("local", TestDiscovery(["vm-1", "vm-2"]))])
        let runner = CycleRunner(
            setup: try .of("sources:\n- {name: a, interval: 60, meters: [a]}\n", plugins), pool: PollsterPool(),
            faults: FaultLog(log: log.logger))
        let group = try #require(runner.setup.plan.groups.first)
        for number in 1...3 {
            let cycle = PollingCycle(number: UInt64(number), deadline: .now + .seconds(60), meters: group.meters)
            let delivered = Mutex<[String]>([])
            _ = await runner.run(group, cycle) { samples in delivered.withLock { $0 += samples.map(\.resourceID) } }
            #expect(delivered.withLock { $0 } == ["vm-2"])
        }
        #expect(asked.withLock { $0 } == [["vm-1", "vm-2"], ["vm-2"], ["vm-2"]])
        #expect(
            log.lines == [
                "error: pollster picky could not poll some resources; it leaves them alone for a time error=not for you "
                    + "resources=vm-1 seconds=300"
            ])
    }

    @Test func whereAllAreSilentThePollsterIsNotAsked() async throws {
        let pool = PollsterPool()
        _ = pool.silenced.silence(["vm-1"], of: "one")
        let one = PollsterRegistration.of("one", ["a"]) { _, _, _ in
            Issue.record("asked without resources, it would poll the host itself")
            return []
        }
        let runner = CycleRunner(
            setup: try .of(
                "sources:\n- {name: a, interval: 60, meters: [a]}\n",
                Plugins(pollsters: [one], discoveries: [.of("local", TestDiscovery(["vm-1"]))])),
            pool: pool, faults: FaultLog(log: LogMemory().logger))
        let group = try #require(runner.setup.plan.groups.first)
        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(60), meters: group.meters)
        #expect(await runner.run(group, cycle) { _ in }.errors.isEmpty)
    }
}
