// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// `delta`: how much a meter changed since the sample before, as a delta of the same unit.
struct Delta: Transformer {
    struct Options: Sendable, Hashable {
        var name = TextMapping()
        /// Drops what shrank.
        var growthOnly = false
    }

    private let growthOnly: Bool
    private var converter: Converter
    private var readings = LastReadings()

    init(_ options: Options) {
        growthOnly = options.growthOnly
        converter = Converter(Conversion(name: options.name, kind: .delta))
    }

    mutating func transform(_ samples: [Sample], _ pass: inout TransformerPass) -> [Sample] {
        var deltas: [Sample] = []
        for sample in samples {
            guard let (earlier, _) = readings.exchange(sample, &pass) else { continue }
            let change = sample.volume - earlier.volume
            if growthOnly, change.doubleValue < 0 {
                pass.drop(sample, .shrunk)
            } else {
                deltas.append(converter.converted(sample, volume: change))
            }
        }
        return deltas
    }
}
