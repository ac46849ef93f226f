// SPDX-License-Identifier: Apache-2.0
internal import Pipelines
internal import Settings
internal import Telemetry
internal import Wire

/// `http://host/path` and `https://…`: batches as JSON arrays of samples, posted one after the other over a connection
/// that is kept.
///
/// An answer 2xx means that the other side has the batch; samples that it says it refused are dead letters, and so are
/// those of a batch that it will never take (400, 411, 413, 415, 422). Everything else is tried again.
actor HTTPSender: Sender {
    static func registration(scheme: String) -> PublisherRegistration {
        PublisherRegistration(scheme: scheme, options: options) { url throws(Mistake) -> any Sender in
            try HTTPSender(url)
        }
    }

    /// What a URL may say after its `?`.
    static let options = HTTPExchange.options.union(["batch", "batch_size"])

    nonisolated let batchSize: Int
    private let exchange: HTTPExchange
    private let isBatch: Bool
    private var lines = JSONLines()
    /// Whether the other side has told how many samples it stored, as our collector does each time.
    private var isCollector = false

    /// - Parameter path: where the URL names none; our collector's for samples.
    init(_ url: PublisherURL, path: String = "/v1/samples") throws(Mistake) {
        exchange = try HTTPExchange(url, scheme: url.scheme, path: path)
        batchSize = try url.integer("batch_size", 1...10_000) ?? 500
        switch url.options["batch"] {
        case nil, "True"?, "true"?: isBatch = true
        case "False"?, "false"?: isBatch = false
        case let text?:
            throw Mistake(
                url.place, "publisher \(url.shown), option batch", found: text.quoted, allowed: "True or False")
        }
    }

    func encode(_ samples: [Sample]) -> [UInt8] { lines.array(samples) }

    func send(_ batch: [UInt8]) async throws -> [DeadLetter] {
        if isBatch { return try await post(batch) { SampleArray.samples(of: batch) } }
        var letters: [DeadLetter] = []
        for sample in SampleArray.samples(of: batch) { letters += try await post(Array(sample)) { [sample] } }
        return letters
    }

    private func post(_ body: [UInt8], _ samples: () -> [ArraySlice<UInt8>]) async throws -> [DeadLetter] {
        let answer = try await exchange.post(body, [("Content-Type", "application/json")])
        switch answer.meaning {
        case .taken:
            try check(answer)
            guard answer.refused > 0 else { return [] }
            return try await letters(samples(), answer)
        case .refused:
            let told = Dictionary(answer.refusals.map { ($0.index, $0.reason) }) { first, _ in first }
            return samples().enumerated().map { index, sample in
                DeadLetter(sample: Array(sample), reason: told[index] ?? answer.words)
            }
        case .tooLarge:
            let samples = samples()
            guard samples.count > 1 else {
                return samples.map { DeadLetter(sample: Array($0), reason: answer.words) }
            }
            // What is between us may have its own bound: halves may pass.
            let halves = [samples.prefix(samples.count / 2), samples.dropFirst(samples.count / 2)]
            var letters: [DeadLetter] = []
            for half in halves { letters += try await post(SampleArray.batch(half)) { Array(half) } }
            return letters
        case .unauthorized, .later:
            throw answer.postponement
        }
    }

    /// Something else may answer in the collector's place: what is sent then was not stored. Who never answered as our
    /// collector does may be any receiver, whose every success is a receipt.
    private func check(_ answer: HTTPAnswer) throws {
        if answer.stored != nil { isCollector = true }
        guard isCollector, answer.stored == nil, answer.refused == 0 else { return }
        throw Postponement(
            "HTTP \(answer.status), but not in the way of our collector; see what answers there, and reload where "
                + "another receiver is meant", pause: .zero)
    }

    /// An answer names only some of those refused: the others are sent again, until it names none that it did not
    /// before. What was taken already is known by its message id.
    private func letters(_ samples: [ArraySlice<UInt8>], _ answer: HTTPAnswer) async throws -> [DeadLetter] {
        let told = Dictionary(answer.refusals.map { ($0.index, $0.reason) }) { first, _ in first }
        let named = samples.indices.filter { told[$0] != nil }
        guard !named.isEmpty else {
            return (0..<min(answer.refused, samples.count)).map { _ in
                DeadLetter(sample: Array("null".utf8), reason: "\(answer.words), and not which")
            }
        }
        let letters = named.map { DeadLetter(sample: Array(samples[$0]), reason: told[$0] ?? answer.words) }
        guard answer.refused > named.count else { return letters }
        let rest = samples.indices.filter { told[$0] == nil }.map { samples[$0] }
        return try await letters + post(SampleArray.batch(rest)) { rest }
    }
}
