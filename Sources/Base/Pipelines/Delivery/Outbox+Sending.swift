// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
internal import Logging

extension Outbox {
    func deliver() async {
        while !Task.isCancelled {
            do throws(SpoolError) {
                if let batch = try await next() {
                    guard await send(batch) || !isEnding || !held.isEmpty else { return }
                } else if isEnding {
                    return
                } else {
                    await wakeup.wait()
                }
            } catch {
                noteSpool(error)
                if isEnding { return }
                await rest(for: backoff.next())
            }
        }
    }

    private func next() async throws(SpoolError) -> SpooledBatch? {
        if let first = fresh.first { return first }
        if let stored = try await spool?.first(for: destination, after: lastDone) { return stored }
        return held.batches.first { $0.sequence > lastDone }
    }

    /// - Returns: whether the other side has it.
    private func send(_ batch: SpooledBatch) async -> Bool {
        do {
            let letters = try await sender.send(batch.body)
            if !letters.isEmpty { await bury(letters) }
            Counter(label: "samples_delivered_total", dimensions: [("publisher", destination)])
                .increment(by: batch.samples - letters.count)
            noteSuccess()
            lastDone = batch.sequence
            if fresh.first?.sequence == batch.sequence { fresh.removeFirst() }
            if !held.remove(batch.sequence) { await remove(batch) }
            return true
        } catch {
            // Cut short by our own end, nothing has failed.
            guard !Task.isCancelled else { return false }
            Counter(label: "failures_total", dimensions: [("what", "publisher \(destination)")]).increment()
            log.log(
                level: backoff.failures == 0 ? .error : .debug, "publisher refuses samples; they wait",
                metadata: ["publisher": "\(destination)", "error": "\(error)"])
            // They are on the disk: nothing is gained by keeping the same in memory.
            fresh = []
            let pause = backoff.next(atLeast: (error as? Postponement)?.pause ?? .zero)
            if !isEnding || !held.isEmpty { await rest(for: pause) }
            return false
        }
    }

    private func noteSuccess() {
        if backoff.failures > 0 || isDropping {
            log.notice(
                "publisher accepts samples again",
                metadata: ["publisher": "\(destination)", "dropped so far": "\(droppedHere)"])
        }
        backoff.reset()
        isDropping = false
    }

    private func rest(for time: Duration) async {
        let timer = Task { [restEnd] in
            try? await Task.sleep(for: time)
            if !Task.isCancelled { restEnd.now() }
        }
        await withTaskCancellationHandler {
            await restEnd.wait()
        } onCancel: {
            restEnd.now()
        }
        timer.cancel()
    }

    private func bury(_ letters: [DeadLetter]) async {
        drop(letters.count, "refused")
        log.error(
            "the other side refuses samples for good",
            metadata: [
                "publisher": "\(destination)", "samples": "\(letters.count)", "reason": "\(letters[0].reason)",
                "kept in": "\(spool?.deadLetters.path ?? "nothing")",
            ])
        await spool?.deadLetters.append(letters, of: destination)
    }
}
