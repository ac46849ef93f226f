// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Telemetry

/// Another host as a test wants it: takes batches, which are the names of their meters, or fails, or refuses meters
/// called `bad` for good.
actor ScriptedSender: Sender {
    struct Away: Error, CustomStringConvertible { var description: String { "nobody is there" } }

    nonisolated let batchSize: Int
    private var isThere: Bool
    private(set) var batches: [String] = []
    private(set) var attempts = 0
    private(set) var encoded = 0

    init(batchSize: Int = 2, isThere: Bool = true) {
        self.batchSize = batchSize
        self.isThere = isThere
    }

    func encode(_ samples: [Sample]) -> [UInt8] {
        encoded += 1
        return Array(samples.map(\.name).joined(separator: " ").utf8)
    }

    func send(_ batch: [UInt8]) throws -> [DeadLetter] {
        attempts += 1
        guard isThere else { throw Away() }
        let names = String(decoding: batch, as: UTF8.self)
        batches.append(names)
        return names.split(separator: " ").filter { $0 == "bad" }.map { name in
            DeadLetter(sample: Array("{\"name\":\"\(name)\"}".utf8), reason: "HTTP 422: it is bad")
        }
    }

    func comeBack() { isThere = true }
    func goAway() { isThere = false }

    /// Returns once so many batches have come, or were tried.
    func waitFor(batches count: Int = 0, attempts tries: Int = 0) async throws {
        while batches.count < count || attempts < tries { try await Task.sleep(for: .milliseconds(5)) }
    }
}
