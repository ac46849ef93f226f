// SPDX-License-Identifier: Apache-2.0
internal import AsyncHTTPClient
internal import Daemon
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
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
    static let options = HTTPTrust.options.union(["timeout", "max_retries", "batch", "batch_size", "token_file"])

    /// One for all of them, and none where there are none.
    private static let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    nonisolated let batchSize: Int
    private let source: PublisherURL
    private let target: HTTPTarget
    private let trust: TLSConfiguration?
    private let timeout: TimeAmount
    private let retries: Int
    private let isBatch: Bool
    private var lines = JSONLines()
    private var client: HTTPClient?
    private var authorization: String?

    init(_ url: PublisherURL) throws(Mistake) {
        source = url
        target = try HTTPTarget(url)
        trust = try HTTPTrust.configuration(url)
        timeout = .seconds(Int64(try url.integer("timeout", 1...3600) ?? 5))
        retries = try url.integer("max_retries", 0...100) ?? 2
        batchSize = try url.integer("batch_size", 1...10_000) ?? 500
        switch url.options["batch"] {
        case nil, "True"?, "true"?: isBatch = true
        case "False"?, "false"?: isBatch = false
        case let text?:
            throw Mistake(
                url.place, "publisher \(url.shown), option batch", found: text.quoted, allowed: "True or False")
        }
    }

    deinit {
        // Its connections belong to its event loop, which closes them.
        client?.shutdown { _ in }
    }

    func encode(_ samples: [Sample]) -> [UInt8] { lines.array(samples) }

    func send(_ batch: [UInt8]) async throws -> [DeadLetter] {
        if isBatch { return try await post(batch) { SampleArray.samples(of: batch) } }
        var letters: [DeadLetter] = []
        for sample in SampleArray.samples(of: batch) { letters += try await post(Array(sample)) { [sample] } }
        return letters
    }

    private func post(_ body: [UInt8], _ samples: () -> [ArraySlice<UInt8>]) async throws -> [DeadLetter] {
        let answer = try await answer(to: body)
        switch answer.meaning {
        case .taken:
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

    private func answer(to body: [UInt8]) async throws -> HTTPAnswer {
        var answer = try await execute(body)
        if answer.meaning == .unauthorized, target.tokenFile != nil, authorization != nil {
            // The token may have been replaced.
            let known = authorization
            authorization = nil
            if try await currentAuthorization() != known { answer = try await execute(body) }
        }
        return answer
    }

    private func execute(_ body: [UInt8]) async throws -> HTTPAnswer {
        var request = HTTPClientRequest(url: target.url)
        request.method = .POST
        request.headers = ["Content-Type": "application/json", "User-Agent": "hypsometer-polling"]
        if let authorization = try await currentAuthorization() {
            request.headers.add(name: "Authorization", value: authorization)
        }
        request.body = .bytes(ByteBuffer(bytes: body))
        var left = retries
        while true {
            do {
                let response = try await connected().execute(request, timeout: timeout)
                let bytes = try await response.body.collect(upTo: HTTPAnswer.mostBytes)
                return HTTPAnswer(
                    status: Int(response.status.code), retryAfter: response.headers.first(name: "Retry-After"),
                    body: Array(bytes.readableBytesView))
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                guard left > 0, HTTPFailure.isOfConnection(error) else { throw HTTPFailure(error, after: timeout) }
                left -= 1
            }
        }
    }

    private func currentAuthorization() async throws -> String? {
        if let fixed = target.authorization { return fixed }
        guard let path = target.tokenFile else { return nil }
        if let authorization { return authorization }
        let token = try await offPool { [source] () throws(Mistake) in try SecretFile.token(path, source) }
        let value = "Bearer \(token)"
        authorization = value
        return value
    }

    /// Made when it is first needed: whoever only checks a configuration starts no thread.
    private func connected() -> HTTPClient {
        if let client { return client }
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = trust
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = timeout
        // Trying again is ours: an error that is kept back until the time is up says less, and later.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1
        let made = HTTPClient(eventLoopGroupProvider: .shared(Self.eventLoops), configuration: configuration)
        client = made
        return made
    }
}
