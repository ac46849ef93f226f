// SPDX-License-Identifier: Apache-2.0
package import Daemon
package import Logging
package import Pipelines
internal import ServiceLifecycle
package import Settings
internal import Telemetry

/// The agent at work: a loop for each interval, until it is told to end. SIGHUP reads the configuration again.
package struct PollingService: Service {
    private enum End { case loops, limit, other }

    private let reloads: Reloads
    private let state: AgentState
    private let heartbeat: Heartbeat
    private let notifier: SystemdNotifier
    private let log: Logger

    /// - Parameters:
    ///   - sharing: nil where this agent is alone; one of a reload is not taken up.
    ///   - times: is told what is polled when.
    package init(
        setup: AgentSetup, pipeline: Pipeline, spool: Spool?, loader: SetupLoader, heartbeat: Heartbeat,
        notifier: SystemdNotifier, sharing: (any WorkSharing)? = nil, times: PollTimes? = nil, log: Logger
    ) {
        self.heartbeat = heartbeat
        self.notifier = notifier
        self.log = log
        state = AgentState(setup: setup, pipeline: pipeline, spool: spool, sharing: sharing, times: times, log: log)
        reloads = Reloads(loader, state)
    }

    /// How often the agent tells what it did, by the setup in force.
    package var reportInterval: Duration { get async { await state.setup.reportInterval } }

    /// Ends within `[DEFAULT] graceful_shutdown_timeout`: one half of it belongs to the cycles that are running, the
    /// other to what waits for delivery.
    package func run() async throws {
        await state.begin()
        await withTaskGroup(of: End.self) { group in
            group.addTask {
                await runLoops()
                return .loops
            }
            group.addTask {
                await reloadOnHangup()
                return .other
            }
            group.addTask {
                guard (try? await gracefulShutdown()) != nil else { return .other }  // else cancelled: all has ended
                notifier.stopping()
                try? await Task.sleep(for: await state.setup.shutdownTimeout / 2)  // cut short when the loops end
                return .limit
            }
            notifier.ready(status: await state.status)
            for await end in group where end != .other { break }
            group.cancelAll()
        }
        await state.drain()
    }

    /// One child task for each interval there is; a reload may bring new ones.
    private func runLoops() async {
        await withDiscardingTaskGroup { group in
            for await interval in await state.newIntervals().cancelOnGracefulShutdown() {
                group.addTask { await loop(every: interval) }
            }
        }
    }

    private func loop(every interval: Int) async {
        let start = MonotonicTime.now
        let setup = await state.setup
        let shift = Double(interval) * Double(setup.jitter) / 100
        let schedule = Schedule(
            start: start, interval: interval, phase: shift > 0 ? .seconds(.random(in: 0..<shift)) : .zero)
        let name = "interval \(interval)"
        var due = start
        defer { heartbeat.forget(name) }
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            // A cycle may take its interval and as long again before something is wrong with us, not with it.
            heartbeat.expect(name, by: .now + .seconds(2 * interval + 60))
            guard await state.runCycle(every: interval) else { return }
            let (tick, missed) = schedule.next(after: .now, last: due)
            await state.noteMissedTicks(missed, every: interval)
            due = tick
            let pause = max(0, tick.seconds(since: .now))
            // Ends early at an end.
            let sleep = Task { try? await Task.sleep(for: .seconds(pause), clock: .suspending) }
            await withTaskCancellationOrGracefulShutdownHandler {
                _ = await sleep.value
            } onCancelOrGracefulShutdown: {
                sleep.cancel()
            }
        }
    }

    /// Puts what a fleet service wants in force, without a restart.
    ///
    /// - Throws: what is wrong with it; what was in force stays.
    package func take(_ deployed: DeployedConfiguration) async throws(Mistakes) {
        try await reloads.reload(with: deployed)
        notifier.ready(status: await state.status)
    }

    private func reloadOnHangup() async {
        await HangupReload(notifier: notifier, log: log).run(status: { await state.status }) {
            () async throws(Mistakes) in
            try await reloads.reload()
        }
    }
}
