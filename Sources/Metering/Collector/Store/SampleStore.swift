// SPDX-License-Identifier: Apache-2.0
package import CoreMetrics
internal import Daemon
internal import Databases
internal import Foundation
internal import GRDB
package import Logging
internal import Synchronization
package import Telemetry

/// Keeps samples: words once in a catalog, readings in blocks of a SQLite database, the newest in memory as well.
///
/// What several senders bring at the same time goes into one transaction. A message that comes twice is kept once: as
/// long as its series' points of that time are in the head, message ids tell (a series may then hold two points of one
/// instant); in blocks, which keep no ids, a point of the same series and instant is taken for the same.
package actor SampleStore {
    /// What became of a batch.
    package struct Receipt: Sendable, Hashable {
        package var stored = 0
        package var duplicates = 0
    }

    package struct Limits: Sendable, Hashable {
        /// How many points are in memory before they are rolled into blocks; about 40 bytes each.
        package var headPoints = 1_000_000
        /// How long a point stays there at most, in seconds.
        package var headAge = 7200
        /// How many samples may wait for the database.
        package var waiting = 1_000_000
        /// Points older than so many seconds are deleted.
        package var age = 30 * 86400
        /// The oldest points are deleted where the database uses more bytes; nil where it may grow.
        package var bytes: Int?

        package init() {}
    }

    /// Samples that one sender waits for.
    struct Job: Sendable {
        var arrivals: [Arrival]
        var done: CheckedContinuation<Result<Receipt, StoreError>, Never>
    }

    nonisolated let path: String
    nonisolated let pool: DatabasePool
    nonisolated let catalog: Mutex<Catalog>
    nonisolated let limits: Limits
    nonisolated let log: Logger
    nonisolated let faults: FaultLog
    /// For what is deleted because of its age, and what is refused because of its time.
    nonisolated let clock: SteadyClock
    /// Points deleted because of their age or the database's size, since the start.
    nonisolated let expired: Counter
    private nonisolated let lock: ProcessLock
    private nonisolated let wakeups: AsyncStream<Void>
    private nonisolated let wakeup: AsyncStream<Void>.Continuation

    /// Between two looks at what is past its time.
    private static let pause = Duration.seconds(30)

    var head: Head
    /// Of the newest block whose points are no longer in the head.
    var lastBlock: Int64
    var lastJournal: Int64
    /// When the oldest point in the head came, in microseconds since 1970; nil where the head is empty.
    var headSince: Int64?
    var jobs: [Job] = []
    private var isClosed = false
    /// Samples that wait for the database.
    var waiting = 0
    /// Where samples go on to before they are stored; nil for nowhere.
    private(set) var forwarder: Forwarder?
    /// Of metadata that were forwarded lately, by number.
    var forwardedMetadata: [Int32: Metadata] = [:]
    /// Why the last transaction failed; nil where it did not.
    var failure: StoreError?

    /// Opens the database, or makes one, and brings what was not yet in blocks back into memory. Blocks.
    private init(
        opening path: String, limits: Limits, log: Logger, metrics: any MetricsFactory
    ) throws(StoreError) {
        self.path = path
        self.limits = limits
        self.log = log
        faults = FaultLog(log: log)
        clock = SteadyClock(log: log, consequence: "samples are deleted and refused by the time it had before, too")
        expired = Counter(label: "collector_samples_expired_total", factory: metrics)
        (wakeups, wakeup) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        do {
            lock = try ProcessLock(path)
            let pool = try Schema.open(path)
            let oldest = Timestamp.now.microseconds - Int64(limits.age) * 1_000_000
            let state = try pool.write { database in
                var state = try SavedState(database)
                try state.forgetUnused(database, since: oldest)
                return state
            }
            self.pool = pool
            catalog = Mutex(state.catalog)
            head = state.head
            lastBlock = state.lastBlock
            lastJournal = state.lastJournal
            headSince = state.headSince
        } catch {
            throw StoreError(error, path: path)
        }
    }

    package static func open(
        _ path: String, limits: Limits, log: Logger, metrics: any MetricsFactory
    ) async throws(StoreError) -> SampleStore {
        try await offPool { () throws(StoreError) in
            try SampleStore(opening: path, limits: limits, log: log, metrics: metrics)
        }
    }

    /// From now on samples go on to others, too.
    func forward(to forwarder: Forwarder) { self.forwarder = forwarder }

    /// Numbers for all that the samples say beside their readings, for ``append(_:)``.
    package nonisolated func arrivals(_ samples: [Sample]) -> [Arrival] {
        catalog.withLock { catalog in samples.map { catalog.arrival($0) } }
    }

    /// Returns when the points are on the disk.
    package func append(_ arrivals: [Arrival]) async throws(StoreError) -> Receipt {
        if arrivals.isEmpty { return Receipt() }
        guard !isClosed, waiting == 0 || waiting + arrivals.count <= limits.waiting, head.count <= 4 * limits.headPoints
        else {
            throw .busy
        }
        waiting += arrivals.count
        let result = await withCheckedContinuation { done in
            jobs.append(Job(arrivals: arrivals, done: done))
            wakeup.yield()
        }
        return try result.get()
    }

    /// Does all the writing, once in the store's life: until ``stop()``, then what still waits, and closes the database.
    ///
    /// - Parameter onTurn: called at least once a minute, as long as all is well.
    package func run(onTurn: @Sendable () -> Void = {}) async {
        let ticking = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.pause)  // cancellation ends the loop
                wakeup.yield()
            }
        }
        var swept = ContinuousClock.now
        onTurn()
        for await _ in wakeups {
            onTurn()
            await work()
            await rollIfDue()
            if swept.duration(to: .now) >= Self.pause {
                await expire()
                swept = .now
            }
        }
        ticking.cancel()
        await work()
        isClosed = true
        do {
            // So that all of it is in one file, which can be copied.
            try await pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            try pool.close()
        } catch {
            log.warning("could not close the database", metadata: ["error": "\(error)"])
        }
        lock.release()
    }

    /// Ends ``run(onTurn:)``; what is appended later is refused.
    package nonisolated func stop() { wakeup.finish() }
}
