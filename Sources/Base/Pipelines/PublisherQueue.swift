// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
package import Logging
package import Telemetry

/// A publisher with a bounded queue before it: whoever polls hands samples over and goes on, a slow or absent
/// receiver keeps nobody waiting. A batch that fails is tried again until it goes; past the bound the oldest samples
/// are dropped, counted and said.
package actor PublisherQueue {
    /// For messages.
    package nonisolated let name: String
    /// The whole URL: two queues of one identity would lead to the same place.
    nonisolated let identity: String
    private let publisher: any Publisher
    /// The publisher, where it keeps samples until another host has them.
    nonisolated let outbox: Outbox?
    private let mostSamples: Int
    /// A page of a list: each sample holds what its resource was told of with, some kilobytes.
    private static let few = 500
    private let log: Logger
    private var batches: [[Sample]] = []
    private var waiting = 0
    private var sending: Task<Void, Never>?
    private var failures = 0
    /// Since the receiver last took a batch.
    private var isDropping = false
    /// The receiver will never take one again.
    private var isGone = false
    private var droppedHere = 0

    /// Samples that were dropped because the receiver did not keep up, or refused them for good.
    package var dropped: Int {
        get async { droppedHere + (await outbox?.dropped ?? 0) }
    }

    /// - Parameter mostSamples: that wait. As set it is more than a cycle over 1,000 domains gives at once, with every
    ///   meter; a receiver that is well takes those before the next cycle.
    package init(name: String, identity: String, publisher: any Publisher, mostSamples: Int = 100_000, log: Logger) {
        self.name = name
        self.identity = identity
        self.publisher = publisher
        outbox = publisher as? Outbox
        self.mostSamples = mostSamples
        self.log = log
    }

    package func put(_ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        guard !isGone else {
            drop(samples.count, "gone")
            return
        }
        batches.append(samples)
        waiting += samples.count
        dropOldest()
        if sending == nil {
            // Ends by itself once the queue is empty; the agent waits for that in `drain`.
            sending = Task { await send() }
        }
    }

    /// Whether nothing would be lost with this process: all is in the spool, or with a receiver that has no spool.
    var isSettled: Bool {
        get async {
            if isGone { return true }
            guard sending == nil else { return false }
            return await outbox?.isStored ?? true
        }
    }

    /// Returns once what came before is in the spool, where it goes there at all, or at the deadline.
    ///
    /// - Parameter delivering: whether to wait for a receiver without a spool too.
    func settle(by deadline: MonotonicTime, delivering: Bool) async {
        guard outbox != nil || delivering else { return }
        await sending?.ended(by: deadline)
        guard let outbox else { return }
        await Task { await outbox.commit() }.ended(by: deadline)
    }

    /// Returns once few samples wait, so that who has many more holds them back; or at the deadline, or where the
    /// receiver takes none: then they have to be dropped anyway, or go to the spool.
    func room(by deadline: MonotonicTime) async {
        while waiting > Self.few, failures == 0, sending != nil, MonotonicTime.now < deadline, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(5))  // cancellation is what the loop looks for
        }
    }

    /// Returns once nothing waits, or the task is cancelled; then what is left is given up, counted and said.
    ///
    /// - Returns: how many samples were given up.
    func drain() async -> Int {
        while sending != nil, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(20))  // cancellation is what the loop looks for
        }
        guard sending != nil else { return await outbox?.finish() ?? 0 }
        let lost = waiting
        log.error(
            "samples were not delivered before the end", metadata: ["publisher": "\(name)", "samples": "\(lost)"])
        drop(lost, "end")
        batches = []
        waiting = 0
        return lost
    }

    private func send() async {
        defer { sending = nil }
        while let batch = batches.first {
            do {
                try await publisher.publish(batch)
                if failures > 0 || isDropping {
                    log.notice(
                        "publisher accepts samples again",
                        metadata: ["publisher": "\(name)", "dropped so far": "\(droppedHere)"])
                }
                failures = 0
                isDropping = false
                // The oldest may have been dropped meanwhile.
                if batches.first?.first?.id == batch.first?.id, !batches.isEmpty {
                    batches.removeFirst()
                    waiting -= batch.count
                }
            } catch let gone as PublisherGone {
                giveUp(gone)
            } catch {
                failures += 1
                if failures == 1 {
                    log.error(
                        "publisher refuses samples; they wait",
                        metadata: ["publisher": "\(name)", "error": "\(error)"])
                }
                let pause = min(30.0, 0.1 * Double(1 << min(failures, 9)))
                try? await Task.sleep(for: .seconds(pause))  // never cancelled: this task belongs to nobody
            }
        }
    }

    private func giveUp(_ gone: PublisherGone) {
        isGone = true
        drop(waiting, "gone")
        batches = []
        waiting = 0
        log.error(
            "publisher's receiver is gone; its samples are dropped from now on",
            metadata: ["publisher": "\(name)", "error": "\(gone)"])
    }

    private func drop(_ count: Int, _ reason: String) {
        droppedHere += count
        Counter(label: "samples_dropped_total", dimensions: [("publisher", name), ("reason", reason)])
            .increment(by: count)
    }

    /// The batch being sent stays: it may be half way through.
    private func dropOldest() {
        var lost = 0
        while waiting > mostSamples, batches.count > 1 {
            let oldest = sending == nil ? 0 : 1
            lost += batches[oldest].count
            waiting -= batches.remove(at: oldest).count
        }
        guard lost > 0 else { return }
        drop(lost, "full")
        // Once, when it begins; how many it were is said when it ends.
        log.log(
            level: isDropping ? .debug : .error, "the publisher does not keep up; the oldest samples are dropped",
            metadata: ["publisher": "\(name)", "dropped so far": "\(droppedHere)"])
        isDropping = true
    }
}

extension [PublisherQueue] {
    /// Lets those that lead to other hosts end the batch that they are sending; the rest stays in the spool.
    package func retire() async { _ = await filter { $0.outbox != nil }.drain(within: .seconds(5)) }

    /// Returns once nothing waits in any of them, or the time is up.
    ///
    /// - Returns: how many samples were given up.
    package func drain(within limit: Duration) async -> Int {
        await withTaskGroup(of: Int?.self) { group in
            for queue in self { group.addTask { await queue.drain() } }
            group.addTask {
                try? await Task.sleep(for: limit)  // cut short when all is delivered
                return nil
            }
            var lost = 0
            var open = count
            while open > 0, let ended = await group.next() {
                if let ended {
                    lost += ended
                    open -= 1
                } else {
                    group.cancelAll()
                }
            }
            group.cancelAll()
            return lost
        }
    }
}
