// SPDX-License-Identifier: Apache-2.0

extension Double {
    /// The text of Python's `repr`: the fewest digits that read back the same, with an exponent below 1e-4 and from
    /// 1e16 on.
    package var pythonText: String {
        if isNaN { return "nan" }
        if isInfinite { return self < 0 ? "-inf" : "inf" }
        // Swift turns to the exponent at 2^53 already.
        if (0x1p53..<1e16).contains(magnitude) { return "\(Int64(self)).0" }
        return description
    }
}
