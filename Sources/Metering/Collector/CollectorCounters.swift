// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics

/// What came in since the start, by receiver. All are there from the start, so that the first of a kind is a change and
/// not a new figure.
struct CollectorCounters: Sendable {
    enum Receiver: String, Sendable, Hashable, CaseIterable {
        case http, udp, tcp, bus
    }

    struct Figures: Sendable {
        /// Samples that came, whatever became of them.
        private let received: Counter
        /// Of those, samples that were read by comparing their text with one that was read before.
        private let recognised: Counter
        private let stored: Counter
        private let duplicates: Counter
        /// Messages that could not be stored for now: their senders wait.
        private let postponed: Counter
        /// Samples, and messages as a whole, refused for good.
        private let refused: [Refusal.Reason: Counter]

        init(_ receiver: Receiver, _ factory: any MetricsFactory) {
            let labels = [("receiver", receiver.rawValue)]
            received = Counter(label: "collector_samples_received_total", dimensions: labels, factory: factory)
            recognised = Counter(label: "collector_samples_recognised_total", dimensions: labels, factory: factory)
            stored = Counter(label: "collector_samples_stored_total", dimensions: labels, factory: factory)
            duplicates = Counter(label: "collector_samples_duplicate_total", dimensions: labels, factory: factory)
            postponed = Counter(label: "collector_messages_postponed_total", dimensions: labels, factory: factory)
            let reasons = Refusal.Reason.allCases.map { reason in
                let labels = labels + [("reason", reason.rawValue)]
                return (
                    reason, Counter(label: "collector_samples_refused_total", dimensions: labels, factory: factory)
                )
            }
            refused = Dictionary(uniqueKeysWithValues: reasons)
        }

        func count(_ reading: Reading, _ receipt: SampleStore.Receipt) {
            received.increment(by: reading.arrivals.count + reading.refusals.count)
            recognised.increment(by: reading.recognised)
            stored.increment(by: receipt.stored)
            duplicates.increment(by: receipt.duplicates)
            for refusal in reading.refusals { count(refused: refusal.reason) }
        }

        func count(refused reason: Refusal.Reason) { refused[reason]?.increment() }

        func countPostponed() { postponed.increment() }
    }

    private let figures: [Receiver: Figures]

    init(_ factory: any MetricsFactory) {
        figures = Dictionary(uniqueKeysWithValues: Receiver.allCases.map { ($0, Figures($0, factory)) })
    }

    subscript(_ receiver: Receiver) -> Figures {
        guard let figures = figures[receiver] else { preconditionFailure("a receiver without figures") }
        return figures
    }
}
