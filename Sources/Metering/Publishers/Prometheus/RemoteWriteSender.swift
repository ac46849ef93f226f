// SPDX-License-Identifier: Apache-2.0
internal import Pipelines
internal import Settings
internal import Snappy
internal import Telemetry
internal import Wire

/// `remotewrite://host:9090/api/v1/write` and `remotewrites://…`: samples pushed to Prometheus, started with
/// `--web.enable-remote-write-receiver`, or to a store that speaks its remote write. Series are called as on the agent's
/// Prometheus endpoint.
///
/// A scheme of its own, as `prometheus://` is Ceilometer's name for a Pushgateway.
actor RemoteWriteSender: Sender {
    static func registration(scheme: String) -> PublisherRegistration {
        PublisherRegistration(
            scheme: scheme, options: HTTPExchange.options.union(["batch_size"])
        ) { url throws(Mistake) -> any Sender in try RemoteWriteSender(url) }
    }

    nonisolated let batchSize: Int
    private let exchange: HTTPExchange
    private var lines = JSONLines()

    init(_ url: PublisherURL) throws(Mistake) {
        exchange = try HTTPExchange(url, scheme: url.scheme == "remotewrites" ? "https" : "http", path: "/api/v1/write")
        batchSize = try url.integer("batch_size", 1...10_000) ?? 1000
    }

    func encode(_ samples: [Sample]) -> [UInt8] { lines.array(samples) }

    func send(_ batch: [UInt8]) async throws -> [DeadLetter] {
        let (samples, unreadable) = SampleArray.read(batch)
        return try await unreadable
            + HalvedBatch.send(samples) { [exchange] part in
                try await exchange.post(
                    Snappy.compressed(WriteRequest.bytes(part.map(\.sample))),
                    [
                        ("Content-Type", "application/x-protobuf"), ("Content-Encoding", "snappy"),
                        ("X-Prometheus-Remote-Write-Version", "0.1.0"),
                    ])
            }
    }
}
