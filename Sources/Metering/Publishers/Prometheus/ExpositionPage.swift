// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Telemetry

/// Everything that is exposed, written metric by metric: a host with a thousand domains has tens of megabytes of it,
/// which are never there all at once.
struct ExpositionPage {
    private let dialect: PrometheusDialect
    private let readings: [ExposedSamples.Reading]
    /// By the metric's name: which samples of which readings, the newest first.
    private let families: [(name: String, places: [(reading: Int, sample: Int)])]
    private var nextFamily = 0
    private var tail: [[UInt8]]

    /// - Parameters:
    ///   - readings: the newest first.
    ///   - figures: of the process itself.
    init(_ readings: [ExposedSamples.Reading], figures: [MetricsFigure], as dialect: PrometheusDialect) {
        self.dialect = dialect
        self.readings = readings
        var names: [String: String] = [:]
        var places: [String: [(reading: Int, sample: Int)]] = [:]
        for (index, reading) in readings.enumerated() {
            for (position, sample) in reading.samples.enumerated() {
                let name = names[sample.name] ?? PrometheusSeries.name(of: sample.name)
                names[sample.name] = name
                places[name, default: []].append((index, position))
            }
        }
        families = places.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let own = PrometheusText(
            figures, prefix: "hypsometer_", help: "Of the agent itself; docs/prometheus.md tells which there are.",
            as: dialect)
        tail = [Self.ages(readings, dialect), own.bytes]
        if dialect == .openMetrics { tail.append(Array("# EOF\n".utf8)) }
    }

    /// The next piece; nil at the end.
    mutating func next() -> [UInt8]? {
        if nextFamily < families.count {
            defer { nextFamily += 1 }
            return text(of: families[nextFamily])
        }
        return tail.isEmpty ? nil : tail.removeFirst()
    }

    private func text(of family: (name: String, places: [(reading: Int, sample: Int)])) -> [UInt8] {
        let samples = family.places.map { readings[$0.reading].samples[$0.sample] }
        let kinds = Set(samples.map { $0.kind == .cumulative })
        let type = kinds.count > 1 ? dialect.untyped : (kinds.contains(true) ? "counter" : "gauge")
        let head = dialect.head(family.name, type: type, help: samples.first.map(PrometheusSeries.help) ?? "")
        var bytes = Array(head.text.utf8)
        bytes.reserveCapacity(samples.count * 500)
        var seen: Set<String> = []
        for sample in samples {
            let labels = PrometheusSeries(sample).labelText
            // Two sources may poll the same at different intervals: a series stands once.
            guard seen.insert(labels).inserted else { continue }
            bytes += Array("\(head.name)\(labels) \(sample.volume)\n".utf8)
        }
        return bytes
    }

    /// When each reading was made: a scraped line looks as if it were of now.
    private static func ages(_ readings: [ExposedSamples.Reading], _ dialect: PrometheusDialect) -> [UInt8] {
        var newest: [String: Timestamp] = [:]
        for reading in readings {
            guard let time = reading.samples.first?.timestamp else { continue }
            let labels =
                "{interval=\"\(reading.interval)\",origin=\"\(PrometheusDialect.escaped(reading.origin))\"}"
            newest[labels] = max(newest[labels] ?? time, time)
        }
        if newest.isEmpty { return [] }
        let head = dialect.head(
            "hypsometer_reading_timestamp_seconds", type: "gauge",
            help: "When what is exposed of a pollster was read, in seconds since 1970.")
        let lines = newest.sorted { $0.key < $1.key }.map { labels, time in
            "\(head.name)\(labels) \(Double(time.microseconds) / 1e6)\n"
        }
        return Array((head.text + lines.joined()).utf8)
    }
}
