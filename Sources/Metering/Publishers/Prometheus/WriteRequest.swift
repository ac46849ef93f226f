// SPDX-License-Identifier: Apache-2.0
internal import Telemetry
internal import Wire

/// A message of Prometheus' remote write, version 1: series with their samples by time, and what their metrics are.
enum WriteRequest {
    private enum Field {
        static let series = 1
        static let metadata = 3
        static let labels = 1
        static let samples = 2
        static let name = 1
        static let value = 2
        static let sampleValue = 1
        static let sampleTimestamp = 2
        static let type = 1
        static let family = 2
        static let help = 4
        static let unit = 5
    }

    /// Of two values of a series at the same millisecond the later one in the list stays, as a series has one.
    static func bytes(_ samples: some Sequence<Sample>) -> [UInt8] {
        var order: [PrometheusSeries] = []
        var points: [PrometheusSeries: [Int64: Double]] = [:]
        var metrics: [String: Sample] = [:]
        for sample in samples {
            let series = PrometheusSeries(sample)
            if points[series] == nil { order.append(series) }
            points[series, default: [:]][sample.timestamp.milliseconds] = sample.volume.doubleValue
            metrics[series.name] = metrics[series.name] ?? sample
        }
        var bytes: [UInt8] = []
        for series in order {
            bytes.appendProtobuf(Field.series, message(series, points[series] ?? [:]))
        }
        for (name, sample) in metrics.sorted(by: { $0.key < $1.key }) {
            var metadata: [UInt8] = []
            metadata.appendProtobuf(Field.type, Int64(sample.kind == .cumulative ? 1 : 2))
            metadata.appendProtobuf(Field.family, name)
            metadata.appendProtobuf(Field.help, PrometheusSeries.help(sample))
            if !sample.unit.isEmpty { metadata.appendProtobuf(Field.unit, sample.unit) }
            bytes.appendProtobuf(Field.metadata, metadata)
        }
        return bytes
    }

    private static func message(_ series: PrometheusSeries, _ points: [Int64: Double]) -> [UInt8] {
        var message: [UInt8] = []
        // Receivers want labels by name, and `__name__` is before all that are letters.
        for label in [PrometheusSeries.Label(name: "__name__", value: series.name)] + series.labels {
            var text: [UInt8] = []
            text.appendProtobuf(Field.name, label.name)
            text.appendProtobuf(Field.value, label.value)
            message.appendProtobuf(Field.labels, text)
        }
        for (time, value) in points.sorted(by: { $0.key < $1.key }) {
            var point: [UInt8] = []
            point.appendProtobuf(Field.sampleValue, value)
            point.appendProtobuf(Field.sampleTimestamp, time)
            message.appendProtobuf(Field.samples, point)
        }
        return message
    }
}

extension Timestamp {
    /// Since 1970, rounded down.
    fileprivate var milliseconds: Int64 { (microseconds - (microseconds < 0 ? 999 : 0)) / 1000 }
}
