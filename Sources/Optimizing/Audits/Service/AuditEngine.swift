// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
package import Daemon
internal import Glibc
package import Logging
internal import Optimization
internal import ServiceLifecycle
internal import Synchronization
internal import Telemetry

/// Runs audits of a store when they are due, several at a time. Others may work on the same store: each audit is run by
/// whoever has its lease.
package final class AuditEngine: Service {
    /// How long runs may go on after the engine was told to end; then others take them up.
    private static let farewell = Duration.seconds(10)

    /// Of which no two engines have the same.
    package let id: String
    private let store: AuditStore
    private let runner: AuditRunner
    private let setup: AuditServiceSetup
    private let heartbeat: Heartbeat
    private let faults: FaultLog
    private let log: Logger
    private let clock: SteadyClock
    private let threads = StrategyThreads()
    private let started = Timestamp.now
    private let running = Mutex<[String: Task<Void, Never>]>([:])
    private let news: AuditNews
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    package init(
        store: AuditStore, runner: AuditRunner, setup: AuditServiceSetup, heartbeat: Heartbeat, log: Logger
    ) {
        id = "\(HostName.current):\(getpid()):\(AuditStore.makeUUID().prefix(8))"
        self.store = store
        self.runner = runner
        self.setup = setup
        self.heartbeat = heartbeat
        self.log = log
        faults = FaultLog(log: log)
        clock = SteadyClock(log: log, consequence: "no plan is superseded or deleted because of its age")
        news = AuditNews(faults: faults, log: log)
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Something may be due that was not before.
    package func wake() { waker.yield() }

    /// Until the service is shut down, or cancelled. Runs once.
    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await withDiscardingTaskGroup { group in
                group.addTask { await self.renew() }
                group.addTask { await self.sweep() }
                await self.look()
                group.cancelAll()
            }
        }
        await end()
    }

    // MARK: Workings

    private func look() async {
        wake()
        var timer: Task<Void, Never>?
        var steps = ClockSteps()
        // The clock may have been set back while nobody looked.
        var isSetBack = true
        var leasesCountAgain = MonotonicTime.now
        for await _ in wakes {
            timer?.cancel()
            heartbeat.expect("audits", by: .now + .seconds(180))
            var pause = setup.interval
            do {
                let step = steps.next()
                if step < .seconds(-5) { isSetBack = true }
                if isSetBack {
                    let count = try await store.bringForward(lease: setup.lease)
                    if count > 0 {
                        log.notice(
                            "audits were due too late, as the clock was set back; they are due in their time again",
                            metadata: ["audits": "\(count)"])
                    }
                    isSetBack = false
                }
                // Leases seem to have ended that their engines had no time to renew.
                if step > setup.lease / 4 { leasesCountAgain = .now + setup.lease }
                let free = setup.workers - running.withLock { $0.count }
                if free > 0 {
                    let now = Timestamp.now
                    let claim = try await store.claim(
                        free, for: id, host: HostName.current, lease: setup.lease,
                        sparingLeases: .now < leasesCountAgain, now: now)
                    for remark in claim.remarks { log.warning("\(remark)") }
                    for audit in claim.audits { begin(audit) }
                    if claim.audits.count < free, let due = try await store.nextDue(after: now) {
                        pause = min(pause, .microseconds(max(0, due.microseconds - Timestamp.now.microseconds)))
                    }
                }
                faults.note("looking for audits that are due", nil)
            } catch is CancellationError {
                break
            } catch {
                faults.note("looking for audits that are due", error)
            }
            timer = Task { [pause] in
                if (try? await Task.sleep(for: pause)) != nil { self.wake() }
            }
        }
        timer?.cancel()
        heartbeat.forget("audits")
    }

    private func begin(_ audit: AuditRecord) {
        log.debug("an audit begins", metadata: ["audit": "\(audit.name)", "run": "\(audit.run)"])
        running.withLock { running in
            running[audit.uuid] = Task(executorPreference: threads) { [self] in
                let outcome = await runner.outcome(of: audit) { self.news.tell(gaps: $0, of: audit) }
                await keep(outcome, of: audit)
                _ = self.running.withLock { $0.removeValue(forKey: audit.uuid) }
                wake()
            }
        }
    }

    private func keep(_ outcome: AuditOutcome, of audit: AuditRecord) async {
        // Nobody waits for a run that isn't ours any more.
        while !Task.isCancelled {
            do {
                let plan = try await store.finish(audit, of: id, outcome)
                faults.note("keeping what came of audits", nil)
                return news.tell(outcome, plan, of: audit)
            } catch let problem as AuditProblem where problem.kind == .conflict {
                Counter(label: "audit_runs_total", dimensions: [("outcome", "dropped")]).increment()
                log.warning(
                    "what came of an audit is dropped",
                    metadata: ["audit": "\(audit.name)", "run": "\(audit.run)", "reason": "\(problem)"])
                return
            } catch {
                faults.note("keeping what came of audits", error)
                try? await Task.sleep(for: .seconds(1))  // cancellation ends the loop
            }
        }
    }

    private func renew() async {
        while !Task.isCancelled {
            do {
                let own = try await store.renew(id, host: HostName.current, started: started, lease: setup.lease)
                for (uuid, task) in running.withLock({ $0 }) where !own.contains(uuid) { task.cancel() }
                faults.note("renewing leases of audits", nil)
            } catch is CancellationError {
                return
            } catch {
                faults.note("renewing leases of audits", error)
            }
            try? await Task.sleep(for: setup.lease / 4)  // cancellation ends the loop
        }
    }

    private func sweep() async {
        while !Task.isCancelled {
            do {
                let expired = try await store.sweep(
                    expiry: setup.expiry, retention: setup.retention, now: clock.reading().earliest)
                if expired > 0 {
                    log.notice("action plans that nobody started are superseded", metadata: ["plans": "\(expired)"])
                }
                faults.note("clearing up old plans", nil)
            } catch is CancellationError {
                return
            } catch {
                faults.note("clearing up old plans", error)
            }
            try? await Task.sleep(for: setup.sweepInterval)  // cancellation ends the loop
        }
    }

    /// Gives what runs a little time, and leaves the rest to others.
    private func end() async {
        let deadline = ContinuousClock.now + min(Self.farewell, setup.lease / 2)
        while running.withLock({ !$0.isEmpty }), ContinuousClock.now < deadline {
            // Not cancellable: whoever told us to end has done so already.
            await Task { try? await Task.sleep(for: .milliseconds(50)) }.value
        }
        let left = running.withLock { running in
            defer { running = [:] }
            return running
        }
        for task in left.values { task.cancel() }
        if !left.isEmpty { log.notice("audits are left to the next engine", metadata: ["audits": "\(left.count)"]) }
        let (store, id) = (store, id)
        do {
            try await Task { try await store.release(id) }.value
        } catch {
            log.error("leases could not be given back; they end by themselves", metadata: ["error": "\(error)"])
        }
    }
}
