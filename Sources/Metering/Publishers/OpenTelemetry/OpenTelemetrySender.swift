// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import Pipelines
internal import Settings
internal import Telemetry
internal import Wire

/// `opentelemetryhttp://host:4318/v1/metrics`: samples to whatever takes OTLP over HTTP, as JSON. With `ssl=1` over
/// HTTPS.
///
/// Not in the words of Ceilometer's publisher of that name, which no OTLP receiver takes: it calls sums `counter`, and
/// gives seconds for nanoseconds.
actor OpenTelemetrySender: Sender {
    static func registration(_ settings: PublisherSettings) -> PublisherRegistration {
        PublisherRegistration(
            scheme: "opentelemetryhttp", options: HTTPExchange.options.union(["ssl", "batch_size"])
        ) { url throws(Mistake) -> any Sender in try OpenTelemetrySender(url, log: settings.log) }
    }

    nonisolated let batchSize: Int
    private let exchange: HTTPExchange
    private let name: String
    private let log: Logger
    private var lines = JSONLines()
    /// Of what a receiver says beside taking all there is.
    private var lastWarning = ""

    init(_ url: PublisherURL, log: Logger) throws(Mistake) {
        exchange = try HTTPExchange(url, scheme: try url.httpScheme(), path: "/v1/metrics")
        batchSize = try url.integer("batch_size", 1...10_000) ?? 1000
        name = url.shown
        self.log = log
    }

    func encode(_ samples: [Sample]) -> [UInt8] { lines.array(samples) }

    func send(_ batch: [UInt8]) async throws -> [DeadLetter] {
        let (samples, unreadable) = SampleArray.read(batch)
        var partial: [DeadLetter] = []
        let letters = try await HalvedBatch.send(samples) { part in
            let body = OpenTelemetryMetrics.json(part.map(\.sample), version: "1")
            let answer = try await self.exchange.post(body, [("Content-Type", "application/json")])
            if answer.meaning == .taken { partial += self.rejected(answer, of: part) }
            return answer
        }
        return unreadable + letters + partial
    }

    /// A receiver that takes some says how many it did not, and not which.
    private func rejected(_ answer: HTTPAnswer, of samples: ArraySlice<SpooledSample>) -> [DeadLetter] {
        let success = (try? WireValue(json: answer.body, within: WireLimits(bytes: HTTPAnswer.mostBytes)))?[
            "partialSuccess"]
        let words: String? =
            if case .string(let text)? = success?["errorMessage"] { text.shortened(to: 300) } else { nil }
        let count: Int =
            switch success?["rejectedDataPoints"] {
            case .string(let text)?: Int(text) ?? 0
            case .integer(let integer)?: Int(clamping: integer)
            default: 0
            }
        guard count > 0 else {
            if let words, !words.isEmpty, words != lastWarning {
                log.warning("the receiver warns", metadata: ["publisher": "\(name)", "words": "\(words)"])
                lastWarning = words
            }
            return []
        }
        let reason = "rejected: \(words ?? "no reason given")"
        if count >= samples.count { return samples.map { $0.deadLetter(reason) } }
        return (0..<count).map { _ in
            DeadLetter(sample: Array("null".utf8), reason: "\(reason), and not which of \(samples.count)")
        }
    }
}
