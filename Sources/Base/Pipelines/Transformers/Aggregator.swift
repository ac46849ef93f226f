// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Telemetry

/// `aggregator`: puts the samples of a meter and resource together until there are so many, or for so long. Counters
/// keep their last value, deltas are summed, gauges averaged.
struct Aggregator: Transformer {
    struct Options: Sendable, Hashable {
        /// Samples, of all meters and resources together, after which they go out; nil without a limit.
        var size: Int?
        /// Seconds since the first of them, after which they go out; nil without a limit.
        var retention: Double?
        /// Which sample's user and project are kept; nil aggregates the samples of each by themselves.
        var user: End?
        var project: End?
        /// Which sample's metadata are kept; nil for none.
        var metadata: End? = .last
        var timestamp = End.first
        var conversion = Conversion()
    }

    enum End: String, Sendable, Hashable, CaseIterable {
        case first, last
    }

    private struct Key: Hashable {
        var meter: MeterKey
        var user: String?
        var project: String?
    }

    private struct Aggregate {
        var sample: Sample
        var count = 1
        /// A counter's last value counts, not the sum.
        var isSum: Bool
    }

    private static let most = 100_000

    private let options: Options
    private var converter: Converter
    private var aggregates: [Key: Aggregate] = [:]
    /// As they came.
    private var order: [Key] = []
    private var count = 0
    private var begin: MonotonicTime?

    init(_ options: Options) {
        self.options = options
        converter = Converter(options.conversion)
    }

    mutating func transform(_ samples: [Sample], _ pass: inout TransformerPass) -> [Sample] {
        for sample in samples {
            do throws(EvaluationError) {
                add(sample, try converter.scaled(sample, unscaled: sample.volume))
                begin = begin ?? pass.now
            } catch {
                pass.drop(sample, .noValue, "\(error)")
            }
        }
        return []
    }

    private mutating func add(_ sample: Sample, _ volume: Volume) {
        count += 1
        let key = Key(
            meter: MeterKey(sample), user: options.user == nil ? sample.userID : nil,
            project: options.project == nil ? sample.projectID : nil)
        guard var aggregate = aggregates.removeValue(forKey: key) else {
            var first = sample
            first.volume = volume
            if options.metadata == nil { first.resourceMetadata = [:] }
            aggregates[key] = Aggregate(sample: first, isSum: sample.kind != .cumulative)
            order.append(key)
            return
        }
        aggregate.count += 1
        aggregate.sample.volume = aggregate.isSum ? aggregate.sample.volume + volume : volume
        if options.metadata == .last { aggregate.sample.resourceMetadata = sample.resourceMetadata }
        if options.user == .last { aggregate.sample.userID = sample.userID }
        if options.project == .last { aggregate.sample.projectID = sample.projectID }
        if options.timestamp == .last {
            aggregate.sample.timestamp = sample.timestamp
            aggregate.sample.monotonicTime = sample.monotonicTime
        }
        aggregates[key] = aggregate
    }

    mutating func flush(_ pass: inout TransformerPass) -> [Sample] {
        guard let begin else { return [] }
        let isFull = options.size.map { count >= $0 } ?? false || order.count >= Self.most
        let isOver = options.retention.map { pass.now.seconds(since: begin) > $0 } ?? false
        guard isFull || isOver || pass.isLast else { return [] }
        var samples: [Sample] = []
        for key in order {
            guard let aggregate = aggregates[key] else { continue }
            samples.append(finished(aggregate))
        }
        aggregates = [:]
        order = []
        count = 0
        self.begin = nil
        return samples
    }

    private mutating func finished(_ aggregate: Aggregate) -> Sample {
        let volume = aggregate.sample.volume
        let isMean = aggregate.isSum && (options.conversion.kind ?? aggregate.sample.kind) == .gauge
        return converter.converted(
            aggregate.sample, volume: isMean ? .real(volume.doubleValue / Double(aggregate.count)) : volume)
    }
}
