// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
internal import Daemon
package import Logging
package import Settings
internal import Telemetry

/// Keeps batches on disk until the other side has them, within bounds of size and age: the oldest go first, of the
/// publisher that has most waiting. A file that turns out to be broken is set aside, and a new one begun.
package actor Spool {
    /// What the file may take while nothing waits, in bytes.
    private static let smallFile = 64 << 20
    /// Between two looks at what is too old, in seconds.
    private static let expiryPause = Duration.seconds(60)

    private let executor = QueueExecutor(label: "spool")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let options: SpoolOptions
    private let log: Logger
    nonisolated let deadLetters: DeadLetterFile
    private let path: String
    /// nil where it could not be opened again after damage.
    private var file: SpoolFile?
    private var tallies: [String: SpoolTally] = [:]
    private var lastSequences: [String: Int64] = [:]
    /// The batch of each publisher that is being sent.
    private var inHand: [String: Int64] = [:]
    private var dropped: [String: Int] = [:]
    /// Publishers of whose samples some were dropped, until nothing of theirs waits.
    private var dropping: Set<String> = []
    private var nextExpiry: MonotonicTime?
    private let clock: SteadyClock

    /// Opens the spool, or makes one.
    package static func open(_ options: SpoolOptions, log: Logger) async throws(Mistake) -> Spool {
        try options.check()
        let spool = Spool(options, log: log)
        do throws(SpoolError) {
            try await spool.load()
        } catch {
            throw options.unusable(error.isBusy ? "another agent has it open" : "\(error)")
        }
        return spool
    }

    private init(_ options: SpoolOptions, log: Logger) {
        self.options = options
        self.log = log
        clock = SteadyClock(log: log, consequence: "nothing is dropped from the spool because of its age")
        path = "\(options.directory)/spool.db"
        deadLetters = DeadLetterFile(path: "\(options.directory)/dead-letters.jsonl", log: log)
    }

    private func load() throws(SpoolError) {
        let found = try mending { file throws(SpoolError) in try file.tallies() }
        tallies = found.mapValues(\.tally)
        lastSequences = found.mapValues(\.last)
    }

    /// The publishers that something waits for, with how many samples.
    package var waiting: [String: Int] { tallies.mapValues(\.samples) }

    /// That the file had for a publisher at the start.
    func lastSequence(of publisher: String) -> Int64 { lastSequences[publisher] ?? 0 }

    /// Samples of a publisher that were dropped here.
    func dropped(of publisher: String) -> Int { dropped[publisher] ?? 0 }

    /// Stores batches together or, where it throws, none of them.
    func store(_ batches: [SpooledBatch], for publisher: String) throws(SpoolError) {
        let added = SpoolTally(batches)
        try expire()
        try makeRoom(for: added.bytes)
        let now = Timestamp.now.microseconds / 1_000_000
        try mending { file throws(SpoolError) in try file.store(batches, for: publisher, at: now) }
        tallies[publisher, default: .init()] += added
        gauge(publisher)
    }

    private func gauge(_ publisher: String) {
        Gauge(label: "spool_samples", dimensions: [("publisher", publisher)]).record(tallies[publisher]?.samples ?? 0)
    }

    /// The oldest batch after another one. It is spared from now on, until the next call.
    func first(for publisher: String, after sequence: Int64) throws(SpoolError) -> SpooledBatch? {
        guard tallies[publisher] != nil else { return nil }
        let batch = try mending { file throws(SpoolError) in try file.first(for: publisher, after: sequence) }
        inHand[publisher] = batch?.sequence
        return batch
    }

    /// The other side has this batch and those before.
    func remove(for publisher: String, through sequence: Int64) throws(SpoolError) {
        guard tallies[publisher] != nil else { return }
        let gone = try mending { file throws(SpoolError) in
            try file.remove(for: publisher, through: sequence)
        }
        subtract(gone, from: publisher)
    }

    private func subtract(_ gone: SpoolTally, from publisher: String) {
        guard var tally = tallies[publisher] else { return }
        tally -= gone
        tallies[publisher] = tally.batches > 0 ? tally : nil
        gauge(publisher)
        guard tally.batches <= 0 else { return }
        if dropping.remove(publisher) != nil {
            log.notice(
                "nothing waits in the spool any more for this publisher",
                metadata: ["publisher": "\(publisher)", "dropped so far": "\(dropped(of: publisher))"])
        }
        // Only to save room: what can't be done now is done another time.
        if tallies.isEmpty { try? file?.shrink(above: Self.smallFile) }
    }

    private func makeRoom(for bytes: Int) throws(SpoolError) {
        while tallies.values.reduce(bytes, { $0 + $1.bytes }) > options.mostBytes,
            let fullest = tallies.max(by: { $0.value.bytes < $1.value.bytes })?.key
        {
            let sparing = inHand[fullest]
            let gone = try mending { file throws(SpoolError) in try file.removeOldest(of: fullest, but: sparing) }
            guard gone.batches > 0 else { return }
            drop(gone, of: fullest, "spool_full", "the spool is full; the oldest samples are dropped")
            subtract(gone, from: fullest)
        }
    }

    private func expire() throws(SpoolError) {
        if let nextExpiry, MonotonicTime.now < nextExpiry { return }
        nextExpiry = .now + Self.expiryPause
        let time = clock.reading().earliest.microseconds / 1_000_000 - options.mostAge.components.seconds
        for (publisher, gone) in try mending({ file throws(SpoolError) in try file.remove(olderThan: time) }) {
            drop(gone, of: publisher, "too_old", "samples have waited too long in the spool; they are dropped")
            subtract(gone, from: publisher)
        }
    }

    /// Said once, when it begins; how many it were is said when nothing waits any more.
    private func drop(_ gone: SpoolTally, of publisher: String, _ reason: String, _ words: String) {
        dropped[publisher, default: 0] += gone.samples
        Counter(label: "samples_dropped_total", dimensions: [("publisher", publisher), ("reason", reason)])
            .increment(by: gone.samples)
        log.log(
            level: dropping.insert(publisher).inserted ? .error : .debug, "\(words)",
            metadata: ["publisher": "\(publisher)", "dropped so far": "\(dropped(of: publisher))"])
    }

    /// Does something with the file; where that shows that it is broken, once more with a new one.
    private func mending<Value>(_ body: (SpoolFile) throws(SpoolError) -> Value) throws(SpoolError) -> Value {
        do throws(SpoolError) {
            return try body(try opened())
        } catch  where error.isDamage {
            setAside(error)
            return try body(try opened())
        }
    }

    private func opened() throws(SpoolError) -> SpoolFile {
        if let file { return file }
        let new = try SpoolFile(path)
        file = new
        return new
    }

    private func setAside(_ error: SpoolError) {
        file?.close()
        file = nil
        SpoolFile.setAside(path)
        let lost = tallies.values.reduce(0) { $0 + $1.samples }
        log.error(
            "the spool can't be read; it is set aside and a new one begun",
            metadata: ["error": "\(error)", "now": "\(path).damaged", "known to wait": "\(lost)"])
        let known = tallies
        tallies = [:]
        for (publisher, tally) in known {
            drop(tally, of: publisher, "damaged", "samples were in the damaged spool; they are dropped")
        }
    }
}
