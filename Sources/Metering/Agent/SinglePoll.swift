// SPDX-License-Identifier: Apache-2.0
internal import Daemon
package import Logging
internal import Synchronization
package import Telemetry

/// One poll of every source, for `--test` and `--once`.
package struct SinglePoll: Sendable {
    package struct Outcome: Sendable {
        package var samples: [Sample]
        /// A line for each thing that could not be read.
        package var errors: [String]
    }

    /// Nobody who waits at a terminal wants to wait longer.
    private static let patience = Duration.seconds(10)
    /// Between two readings: a guest's load comes in bursts, and over one second alone it matters which of them
    /// fall inside.
    package static let gap = Duration.seconds(2)

    private let setup: AgentSetup
    private let log: Logger
    private let gap: Duration

    package init(setup: AgentSetup, log: Logger, gap: Duration = Self.gap) {
        self.setup = setup
        self.log = log
        self.gap = gap
    }

    /// Polls each group once; twice, two seconds apart, where a meter needs two readings. The first poll's samples then
    /// only prepare the second's.
    package func run() async -> Outcome {
        let pool = PollsterPool()
        _ = await poll(setup.plan.groups.filter(\.needsTwoReadings), number: 1, pool)
        if setup.plan.groups.contains(where: \.needsTwoReadings) {
            try? await Task.sleep(for: gap, clock: .suspending)  // cancelled: the second poll ends at once too
        }
        return await poll(setup.plan.groups, number: 2, pool)
    }

    private func poll(_ groups: [PollingPlan.Group], number: UInt64, _ pool: PollsterPool) async -> Outcome {
        // Each failure is told once at the end, not logged as it happens.
        var quiet = log
        quiet.logLevel = .critical
        let runner = CycleRunner(setup: setup, pool: pool, faults: FaultLog(log: quiet))
        let collected = Mutex<[Sample]>([])
        var errors: [String] = []
        for (index, group) in groups.enumerated() {
            let cycle = PollingCycle(
                number: number * 1000 + UInt64(index), deadline: .now + Self.patience, meters: group.meters,
                sampleSource: setup.sampleSource)
            let result = await runner.run(group, cycle) { samples in collected.withLock { $0 += samples } }
            for error in result.errors where !errors.contains("\(error)") { errors.append("\(error)") }
        }
        return Outcome(samples: inOrder(collected.withLock { $0 }), errors: errors)
    }

    /// Meter by meter, as `--list-pollsters` has them: pollsters end in any order.
    private func inOrder(_ samples: [Sample]) -> [Sample] {
        let names = setup.plugins.pollsters.flatMap { $0.meters.map(\.name) }
        let places = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        // Swift's sort keeps the order of equal ones.
        return samples.sorted { places[$0.name, default: .max] < places[$1.name, default: .max] }
    }
}
