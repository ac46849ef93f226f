// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// A sample as a line for people: time, meter, value with its unit, and what it is of.
enum HumanLine {
    static func text(_ sample: Sample) -> String {
        let time = String(sample.timestamp.description.prefix(19))
        let unit = sample.unit.isEmpty ? "" : " \(sample.unit)"
        let amount = volume(sample.volume) + unit
        var words = "\(time)  \(sample.name.padded(to: 10))  \(amount.padded(to: 24))  \(sample.resourceID)"
        if case .string(let name)? = sample.resourceMetadata["display_name"], name != sample.resourceID {
            words += "  \(name)"
        }
        return words
    }

    /// Whole numbers as they are, others with two decimals.
    private static func volume(_ volume: Volume) -> String {
        guard case .real(let real) = volume, abs(real) < 1e15 else { return volume.description }
        let hundredths = Int64((real * 100).rounded())
        let fraction = hundredths.magnitude % 100
        return "\(hundredths < 0 ? "-" : "")\(hundredths.magnitude / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
