// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Telemetry

/// `unit_conversion`: each sample with another name, unit or kind, and its volume computed anew.
struct UnitConversion: Transformer {
    private var converter: Converter

    init(_ conversion: Conversion) { converter = Converter(conversion) }

    mutating func transform(_ samples: [Sample], _ pass: inout TransformerPass) -> [Sample] {
        var converted: [Sample] = []
        for sample in samples {
            guard converter.takes(sample) else {
                converted.append(sample)
                continue
            }
            do throws(EvaluationError) {
                let volume = try converter.scaled(sample, unscaled: sample.volume)
                converted.append(converter.converted(sample, volume: volume))
            } catch {
                pass.drop(sample, .noValue, "\(error)")
            }
        }
        return converted
    }
}
