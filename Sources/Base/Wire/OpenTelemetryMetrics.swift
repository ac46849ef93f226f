// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// Samples as a request of the OpenTelemetry protocol (OTLP) for metrics, version 1, in its JSON form: names in camel
/// case, 64-bit numbers as texts, times in nanoseconds since 1970.
///
/// A cumulative meter is a monotonic sum since a start that libvirt does not tell, so that none is given; a delta is a
/// sum over the time since the sample before; a gauge is a gauge.
package enum OpenTelemetryMetrics {
    private enum Temporality {
        static let delta: Int128 = 1
        static let cumulative: Int128 = 2
    }

    package static func json(_ samples: some Sequence<Sample>, version: String) -> [UInt8] {
        var order: [String] = []
        var resources: [String: [Sample]] = [:]
        for sample in samples {
            if resources[sample.resourceID] == nil { order.append(sample.resourceID) }
            resources[sample.resourceID, default: []].append(sample)
        }
        let scope = WireValue.object([.init("name", .string("hypsometer")), .init("version", .string(version))])
        let message = WireValue.object([
            .init(
                "resourceMetrics",
                .array(
                    order.map { id in
                        let samples = resources[id] ?? []
                        return .object([
                            .init("resource", .object([.init("attributes", attributes(ofResource: samples))])),
                            .init(
                                "scopeMetrics",
                                .array([.object([.init("scope", scope), .init("metrics", metrics(samples))])])),
                        ])
                    }))
        ])
        var bytes: [UInt8] = []
        bytes.appendJSON(message)
        return bytes
    }

    private static func attributes(ofResource samples: [Sample]) -> WireValue {
        // The newest is as the resource is now.
        guard let sample = samples.max(by: { $0.timestamp < $1.timestamp }) else { return .array([]) }
        let metadata = sample.resourceMetadata
        return attributes([
            ("service.name", "hypsometer"), ("service.instance.id", sample.resourceID),
            ("host.name", metadata["instance_host"]?.string), ("resource_id", sample.resourceID),
            ("project_id", sample.projectID), ("project_name", sample.projectName), ("user_id", sample.userID),
            ("user_name", sample.userName), ("display_name", metadata["display_name"]?.string),
            ("source", sample.source),
        ])
    }

    private static func attributes(_ pairs: [(String, String?)]) -> WireValue {
        .array(
            pairs.compactMap { key, value in
                guard let value, !value.isEmpty else { return nil }
                return .object([
                    .init("key", .string(key)), .init("value", .object([.init("stringValue", .string(value))])),
                ])
            })
    }

    private static func metrics(_ samples: [Sample]) -> WireValue {
        var order: [String] = []
        var metrics: [String: [Sample]] = [:]
        for sample in samples {
            // One name may come with two kinds, which are two metrics then.
            let key = "\(sample.kind.rawValue) \(sample.unit) \(sample.name)"
            if metrics[key] == nil { order.append(key) }
            metrics[key, default: []].append(sample)
        }
        return .array(order.compactMap { metrics[$0].flatMap(metric) })
    }

    private static func metric(_ samples: [Sample]) -> WireValue? {
        guard let first = samples.first else { return nil }
        let points = WireValue.Entry(
            "dataPoints", .array(samples.sorted { $0.timestamp < $1.timestamp }.map(point)))
        let data: WireValue.Entry =
            switch first.kind {
            case .gauge: .init("gauge", .object([points]))
            case .cumulative: .init("sum", sum(points, Temporality.cumulative, isMonotonic: true))
            // A change may be one to less.
            case .delta: .init("sum", sum(points, Temporality.delta, isMonotonic: false))
            }
        return .object([
            .init("name", .string(first.name)),
            .init("description", .string("\(first.name) unit:\(first.unit)")),
            .init("unit", .string(first.unit)), data,
        ])
    }

    private static func sum(_ points: WireValue.Entry, _ temporality: Int128, isMonotonic: Bool) -> WireValue {
        .object([
            points, .init("aggregationTemporality", .integer(temporality)), .init("isMonotonic", .bool(isMonotonic)),
        ])
    }

    private static func point(_ sample: Sample) -> WireValue {
        let value: WireValue.Entry =
            switch sample.volume {
            case .integer(let integer): .init("asInt", .string("\(integer)"))
            case .unsigned(let integer): .init("asDouble", .real(Double(integer)))
            case .real(let real): .init("asDouble", .real(real))
            }
        return .object([
            // As at Ceilometer's own; stores that forget a resource's attributes tell series apart by these.
            .init(
                "attributes",
                attributes([
                    ("resource_id", sample.resourceID), ("user_id", sample.userID), ("project_id", sample.projectID),
                ])),
            .init("timeUnixNano", .string("\(Int128(sample.timestamp.microseconds) * 1000)")), value,
        ])
    }
}

extension Metadata.Value {
    fileprivate var string: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
