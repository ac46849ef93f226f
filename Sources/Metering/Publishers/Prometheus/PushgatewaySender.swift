// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Pipelines
internal import Settings
internal import Telemetry
internal import Wire

/// `prometheus://host:9091/metrics/job/name`: samples as text to a Prometheus Pushgateway, as Ceilometer's publisher of
/// that name sends them. With `ssl=1` over HTTPS.
///
/// A Pushgateway keeps the last value of each series and no time of it, and what it holds never vanishes by itself;
/// `remotewrite://` is the way to Prometheus itself.
actor PushgatewaySender: Sender {
    static let registration = PublisherRegistration(
        scheme: "prometheus", options: HTTPExchange.options.union(["ssl", "batch_size"])
    ) { url throws(Mistake) -> any Sender in try PushgatewaySender(url) }

    nonisolated let batchSize: Int
    private let exchange: HTTPExchange
    /// Whether the URL says how samples are grouped; else each resource is a group.
    private let isGrouped: Bool
    private var lines = JSONLines()

    init(_ url: PublisherURL) throws(Mistake) {
        exchange = try HTTPExchange(url, scheme: try url.httpScheme(), path: "/")
        let parts = exchange.target.path.split(separator: "/")
        guard parts.count >= 3, parts[0] == "metrics", parts[1] == "job" || parts[1] == "job@base64" else {
            throw Mistake(
                url.place, "publisher \(url.shown)", found: "no path of a job",
                allowed: "prometheus://host:9091/metrics/job/name, more labels and their values after it")
        }
        isGrouped = parts.count > 3
        batchSize = try url.integer("batch_size", 1...10_000) ?? 500
    }

    func encode(_ samples: [Sample]) -> [UInt8] { lines.array(samples) }

    func send(_ batch: [UInt8]) async throws -> [DeadLetter] {
        let (samples, unreadable) = SampleArray.read(batch)
        var letters = unreadable
        for (resource, group) in isGrouped ? [("", samples)] : Self.byResource(samples) where !group.isEmpty {
            let path = exchange.target.path + (isGrouped ? "" : "/resource_id/\(resource.urlQuoted)")
            letters += try await HalvedBatch.send(group) { [exchange] part in
                // The type is what Ceilometer says; a Pushgateway looks at none.
                try await exchange.ask("POST", path, [("Content-type", "plain/text")], Self.text(part.map(\.sample)))
            }
        }
        return letters
    }

    private static func byResource(_ samples: [SpooledSample]) -> [(String, [SpooledSample])] {
        var order: [String] = []
        var groups: [String: [SpooledSample]] = [:]
        for sample in samples {
            if groups[sample.sample.resourceID] == nil { order.append(sample.sample.resourceID) }
            groups[sample.sample.resourceID, default: []].append(sample)
        }
        return order.map { ($0, groups[$0] ?? []) }
    }

    /// The lines of a metric stand together, and of two values of a series the last holds: a Pushgateway refuses a text
    /// where one stands twice.
    static func text(_ samples: [Sample]) -> [UInt8] {
        var order: [String] = []
        var metrics: [String: (kind: Meter.Kind, order: [String], values: [String: Volume])] = [:]
        for sample in samples {
            let name = PrometheusDialect.name(sample.name)
            if metrics[name] == nil {
                order.append(name)
                metrics[name] = (sample.kind, [], [:])
            }
            let labels = [
                ("resource_id", sample.resourceID), ("user_id", sample.userID ?? "None"),
                ("project_id", sample.projectID ?? "None"),
            ].map { "\($0)=\"\(PrometheusDialect.escaped($1))\"" }.joined(separator: ", ")
            if metrics[name]?.values.updateValue(sample.volume, forKey: labels) == nil {
                metrics[name]?.order.append(labels)
            }
        }
        var text = ""
        for name in order {
            guard let metric = metrics[name] else { continue }
            switch metric.kind {
            case .cumulative: text += "# TYPE \(name) counter\n"
            case .gauge: text += "# TYPE \(name) gauge\n"
            case .delta: break  // Prometheus has no word for it
            }
            for labels in metric.order {
                if let value = metric.values[labels] { text += "\(name){\(labels)} \(value)\n" }
            }
        }
        return Array(text.utf8)
    }
}
