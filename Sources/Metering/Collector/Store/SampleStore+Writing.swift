// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GRDB
internal import Logging
internal import Synchronization
internal import Telemetry

/// What several senders bring at the same time, in one transaction, into the journal and the head.
extension SampleStore {
    /// Stores everything that waits.
    func work() async {
        while !jobs.isEmpty {
            var group: [Job] = []
            var count = 0
            while let job = jobs.first, group.isEmpty || count + job.arrivals.count <= 100_000 {
                group.append(jobs.removeFirst())
                count += job.arrivals.count
            }
            let result = await store(group.map(\.arrivals))
            waiting -= count
            for (index, job) in group.enumerated() { job.done.resume(returning: result.map { $0[index] }) }
            tell(result)
        }
    }

    /// One transaction: all of it or nothing.
    private func store(_ batches: [[Arrival]]) async -> Result<[Receipt], StoreError> {
        var fresh: [Arrival] = []
        do {
            let known = try await timesInBlocks(batches)
            var receipts: [Receipt] = []
            // Into the head first, so that a message that comes twice in one group is found. Readers may see a point
            // a moment before it is on the disk.
            for batch in batches {
                var receipt = Receipt()
                for arrival in batch {
                    let placing = head.placing(arrival)
                    let isInBlock =
                        placing == .perhapsInBlock && known[arrival.series]?.contains(arrival.point.time) == true
                    if placing == .duplicate || isInBlock {
                        receipt.duplicates += 1
                    } else {
                        head.insert(arrival)
                        fresh.append(arrival)
                        receipt.stored += 1
                    }
                }
                receipts.append(receipt)
            }
            // First, so that nothing that is stored, and told to be, can miss the others. What can't be stored after
            // that comes again, and goes there again, with the same times and values.
            if let forwarder, !fresh.isEmpty { await forwarder.forward(try await samples(fresh)) }
            if !fresh.isEmpty { try await write(fresh) }
            return .success(receipts)
        } catch {
            for arrival in fresh.reversed() { head.remove(arrival) }
            return .failure(StoreError(error, path: path))
        }
    }

    private func write(_ fresh: [Arrival]) async throws {
        let now = Timestamp.now.microseconds
        let changes = catalog.withLock { $0.changes }
        let payload = Data(JournalCoding.encode(fresh))
        // One that SQLite failed to confirm may be there all the same: its sender was told that it isn't.
        let number = lastJournal + 1
        try await pool.write { database in
            try changes.save(database, now: now)
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO journal (id, received, payload) VALUES (?, ?, ?)")
                .execute(arguments: [number, now, payload])
        }
        lastJournal = number
        headSince = headSince ?? now
        catalog.withLock { $0.markSaved(changes) }
    }

    /// Once when it begins and once when it ends.
    private func tell(_ result: Result<[Receipt], StoreError>) {
        switch (result, failure) {
        case (.failure(let error), nil):
            log.error("samples can't be stored; senders are told to wait", metadata: ["error": "\(error)"])
            failure = error
        case (.success, _?):
            log.notice("samples are stored again")
            failure = nil
        default: break
        }
    }
}
