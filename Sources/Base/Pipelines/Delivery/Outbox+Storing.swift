// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
internal import Logging

extension Outbox {
    func storeOpen() async {
        var samples = open[...]
        open = []
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
        guard let spool else { return hold(batch) }
        // What waits in memory goes first: it is older.
        let batches = held.batches + [batch]
        do throws(SpoolError) {
            try await spool.store(batches, for: destination)
            noteSpool(nil)
            held.removeAll()
            if let last = batches.last(where: { $0.sequence <= lastDone }) { await remove(last) }
            let bytes = fresh.reduce(batch.body.count) { $0 + $1.body.count }
            // Only where nothing older waits on the disk.
            let isNext = (fresh.last?.sequence ?? lastDone) == batch.sequence - 1
            if isNext, bytes <= Self.mostFresh { fresh.append(batch) }
        } catch {
            noteSpool(error)
            hold(batch)
        }
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
