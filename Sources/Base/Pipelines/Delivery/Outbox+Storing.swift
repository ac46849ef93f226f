// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
internal import Logging

extension Outbox {
    func storeOpen() async {
        var samples = open[...]
        open = []
        // The disk may take again what it did not, also where nothing new comes.
        if samples.isEmpty, let spool, held.samples > 0 { await store(held.batches, in: spool) }
        while !samples.isEmpty {
            let batch = Array(samples.prefix(sender.batchSize))
            samples = samples.dropFirst(batch.count)
            let body = await sender.encode(batch)
            let last: Int64
            if let sequence { last = sequence } else { last = await spool?.lastSequence(of: destination) ?? 0 }
            sequence = last + 1
            await store(SpooledBatch(sequence: last + 1, samples: batch.count, body: body))
            wakeup.now()
        }
    }

    private func store(_ batch: SpooledBatch) async {
        // What waits in memory goes first: it is older.
        guard let spool, await store(held.batches + [batch], in: spool) else { return hold(batch) }
        let bytes = fresh.reduce(batch.body.count) { $0 + $1.body.count }
        // Only where nothing older waits on the disk.
        let isNext = (fresh.last?.sequence ?? lastDone) == batch.sequence - 1
        if isNext, bytes <= Self.mostFresh { fresh.append(batch) }
    }

    /// - Parameter batches: all that wait in memory, and perhaps a new one.
    /// - Returns: whether the disk has taken them.
    @discardableResult private func store(_ batches: [SpooledBatch], in spool: Spool) async -> Bool {
        do throws(SpoolError) {
            try await spool.store(batches, for: destination)
        } catch {
            noteSpool(error)
            return false
        }
        noteSpool(nil)
        held.removeAll()
        // Some may have been sent from memory meanwhile.
        if let last = batches.last(where: { $0.sequence <= lastDone }) { await remove(last) }
        return true
    }

    private func hold(_ batch: SpooledBatch) {
        let lost = held.append(batch, sparing: lastDone + 1)
        guard lost > 0 else { return }
        drop(lost, "full")
        log.log(
            level: isDropping ? .debug : .error, "too many samples wait in memory; the oldest are dropped",
            metadata: ["publisher": "\(destination)", "dropped so far": "\(droppedHere)"])
        isDropping = true
    }

    func drop(_ count: Int, _ reason: String) {
        droppedHere += count
        Counter(label: "samples_dropped_total", dimensions: [("publisher", destination), ("reason", reason)])
            .increment(by: count)
    }

    func noteSpool(_ error: SpoolError?) {
        if let error {
            log.log(
                level: isSpoolFailing ? .debug : .error, "samples can't be spooled; they wait in memory",
                metadata: ["publisher": "\(destination)", "error": "\(error)"])
            isSpoolFailing = true
        } else if isSpoolFailing {
            log.notice("samples are spooled again", metadata: ["publisher": "\(destination)"])
            isSpoolFailing = false
        }
    }

    func remove(_ batch: SpooledBatch) async {
        do throws(SpoolError) {
            try await spool?.remove(for: destination, through: batch.sequence)
        } catch {
            // It is not sent again by us, and goes with the next one; after a restart the other side knows its ids.
            noteSpool(error)
        }
    }
}
