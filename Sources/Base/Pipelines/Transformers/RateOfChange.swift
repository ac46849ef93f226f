// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Telemetry

/// `rate_of_change`: how much a meter grew in a second since the sample before, times the scale. A counter that went
/// back has started anew: what it shows is what it grew at least.
struct RateOfChange: Transformer {
    private var converter: Converter
    private var readings = LastReadings()

    init(_ conversion: Conversion) { converter = Converter(conversion) }

    mutating func transform(_ samples: [Sample], _ pass: inout TransformerPass) -> [Sample] {
        var rates: [Sample] = []
        for sample in samples {
            guard converter.takes(sample) else {
                rates.append(sample)
                continue
            }
            guard let (earlier, seconds) = readings.exchange(sample, &pass) else { continue }
            do throws(EvaluationError) {
                let scale = try converter.scaled(sample, unscaled: 1).doubleValue
                let rate = Self.growth(of: sample, since: earlier) / seconds
                let volume = try Volume(.real(scale * (seconds > 0 ? rate : 0)))
                rates.append(converter.converted(sample, volume: volume))
            } catch {
                pass.drop(sample, .noValue, "\(error)")
            }
        }
        return rates
    }

    private static func growth(of sample: Sample, since earlier: Reading) -> Double {
        let growth = (sample.volume - earlier.volume).doubleValue
        return growth < 0 && sample.kind == .cumulative ? sample.volume.doubleValue : growth
    }
}
