// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Telemetry

/// `arithmetic`: a volume computed from several meters of one resource, once all of them have come. Their samples go
/// nowhere themselves.
struct Arithmetic: Transformer {
    struct Options: Sendable, Hashable {
        /// Over meters; the first that it names lends the new sample what isn't said here.
        var expression: Expression
        var name: String?
        var unit: String?
        var kind: Meter.Kind?
    }

    private let options: Options
    private var latest = KeyedMemory<String, [String: Sample]>()
    /// Resources of which every meter has come.
    private var complete: [String] = []

    init(_ options: Options) { self.options = options }

    mutating func transform(_ samples: [Sample], _ pass: inout TransformerPass) -> [Sample] {
        for sample in samples where options.expression.names.contains(sample.name) {
            var meters = latest[sample.resourceID] ?? [:]
            let wasComplete = meters.count == options.expression.names.count
            meters[sample.name] = sample
            guard latest.remember(meters, for: sample.resourceID, at: pass.now) else {
                pass.drop(sample, .noRoom)
                continue
            }
            if !wasComplete, meters.count == options.expression.names.count { complete.append(sample.resourceID) }
        }
        return []
    }

    mutating func flush(_ pass: inout TransformerPass) -> [Sample] {
        var results: [Sample] = []
        for resource in complete {
            guard let meters = latest.forget(resource), let model = meters[options.expression.names[0]] else {
                continue
            }
            do throws(EvaluationError) {
                let value = try options.expression.value(in: MeterScope(meters: meters))
                guard let volume = value.realValue else { throw EvaluationError("\(value.pythonText) is no volume") }
                results.append(result(try Volume(.real(volume)), like: model, at: meters.values))
            } catch {
                pass.drop(model, .noValue, "\(error)")
            }
        }
        complete = []
        return results
    }

    /// At the time of the latest of the meters.
    private func result(_ volume: Volume, like model: Sample, at samples: some Collection<Sample>) -> Sample {
        var result = model
        result.id = SampleID()
        result.name = options.name ?? model.name
        result.unit = options.unit ?? model.unit
        result.kind = options.kind ?? model.kind
        result.volume = volume
        if let last = samples.max(by: { $0.timestamp < $1.timestamp }), last.timestamp > model.timestamp {
            result.timestamp = last.timestamp
            result.monotonicTime = last.monotonicTime
        }
        return result
    }
}

/// The samples of several meters, by name; what follows a name is a field of its sample.
private struct MeterScope: ExpressionScope {
    let meters: [String: Sample]

    func value(at path: [String]) -> ExpressionValue {
        guard let sample = meters[path[0]], path.count > 1 else { return .missing }
        return SampleScope(sample: sample).value(of: path[1], path.dropFirst(2))
    }
}
