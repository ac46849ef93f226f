// SPDX-License-Identifier: Apache-2.0
internal import Logging
package import Telemetry

/// Brings samples to another host, in their order: what comes within a second, or until a cycle ends, becomes batches
/// of the sender's size; each is in the spool before it is sent, and until the other side has it.
///
/// Where the disk takes nothing, or there is no spool, batches wait in memory, within a bound.
package actor Outbox: Publisher {
    /// What waits in memory at most, in bytes, for a disk that takes nothing.
    private static let mostHeld = 16 << 20
    /// The same where there is no spool at all, as for a single poll.
    private static let mostHeldAlone = 256 << 20
    /// What was stored just now and is kept to be sent without reading it again, in bytes.
    static let mostFresh = 2 << 20
    /// How long samples wait for more of their cycle.
    private static let linger = Duration.seconds(1)

    /// Where it leads to, without passwords.
    nonisolated let destination: String
    let spool: Spool?
    let log: Logger
    let wakeup = Wakeup()
    var sender: any Sender
    /// Of the newest batch; nil as long as it is not known what the spool has from before.
    var sequence: Int64?
    /// Samples that are no batch yet.
    var open: [Sample] = []
    private var lingering: Task<Void, Never>?
    private var committing: Task<Void, Never>?
    var held: HeldBatches
    var fresh: [SpooledBatch] = []
    private var delivery: Task<Void, Never>?
    /// Ends a rest early, where there is something new to try: an end, another sender.
    let restEnd = Wakeup()
    var isEnding = false
    var backoff = Backoff()
    /// Of the last batch that the other side has.
    var lastDone: Int64 = 0
    var isSpoolFailing = false
    var isDropping = false
    var droppedHere = 0

    init(to destination: String, by sender: any Sender, spool: Spool?, log: Logger) {
        self.destination = destination
        self.sender = sender
        self.spool = spool
        self.log = log
        held = HeldBatches(mostBytes: spool == nil ? Self.mostHeldAlone : Self.mostHeld)
    }

    /// Begins with what the spool has from before; or goes on with another sender, as an operator changed its options.
    func begin(with sender: any Sender) async {
        self.sender = sender
        restEnd.now()
        guard delivery == nil else { return }
        // Ends in ``finish()``, or with the process.
        delivery = Task { await deliver() }
    }

    /// Never throws: what can't be stored waits in memory.
    package func publish(_ samples: [Sample]) async {
        open += samples
        if open.count >= sender.batchSize {
            await commit()
        } else if lingering == nil {
            lingering = Task {
                try? await Task.sleep(for: Self.linger)
                if !Task.isCancelled { await commit() }
            }
        }
    }

    /// Returns once all that came before is in the spool or, where that fails, waits in memory.
    func commit() async {
        lingering?.cancel()
        lingering = nil
        let before = committing
        let task = Task {
            await before?.value
            await storeOpen()
        }
        committing = task
        await task.value
    }

    /// Whether nothing waits but in the spool; where there is none, whether nothing waits to become a batch.
    var isStored: Bool { open.isEmpty && (spool == nil || held.samples == 0) }

    /// Samples that nobody will get.
    var dropped: Int {
        get async { droppedHere + (await spool?.dropped(of: destination) ?? 0) }
    }

    /// Sends what can be sent, until nothing waits, the other side fails or the task is cancelled; the spool keeps the
    /// rest.
    ///
    /// - Returns: how many samples were given up.
    func finish() async -> Int {
        await commit()
        isEnding = true
        restEnd.now()
        wakeup.now()
        if let delivery {
            await withTaskCancellationHandler {
                await delivery.value
            } onCancel: {
                delivery.cancel()
            }
        }
        delivery = nil
        if let waiting = await spool?.waiting[destination] {
            log.notice(
                "samples stay in the spool", metadata: ["publisher": "\(destination)", "samples": "\(waiting)"])
        }
        let lost = held.samples
        guard lost > 0 else { return 0 }
        log.error(
            "samples were not delivered before the end",
            metadata: ["publisher": "\(destination)", "samples": "\(lost)"])
        drop(lost, "end")
        held.removeAll()
        return lost
    }
}
