// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

extension Volume {
    /// A JSON number as the decoder reads it; nil where it is none, or so long that it is left to the decoder.
    init?(json text: UnsafeRawBufferPointer) {
        var index = 0
        func skipDigits() -> Int {
            let start = index
            while index < text.count, text[index] &- UInt8(ascii: "0") < 10 { index += 1 }
            return index - start
        }
        func takes(_ byte: Unicode.Scalar) -> Bool {
            guard index < text.count, text[index] == UInt8(ascii: byte) else { return false }
            index += 1
            return true
        }
        let isNegative = takes("-")
        let first = index
        let count = skipDigits()
        guard count == 1 || count > 1 && text[first] != UInt8(ascii: "0") else { return nil }
        if index == text.count {
            guard count < 19 else { return nil }
            let value = text[first...].reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
            self = .integer(isNegative ? -value : value)
            return
        }
        if takes("."), skipDigits() == 0 { return nil }
        if takes("e") || takes("E") {
            _ = takes("+") || takes("-")
            if skipDigits() == 0 { return nil }
        }
        guard index == text.count, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
            return nil
        }
        self = .real(value)
    }
}
