// SPDX-License-Identifier: Apache-2.0

extension JSONValueReader {
    /// The text at whose opening quotation mark the reader stands.
    mutating func string() throws(WireError) -> String {
        let start = index
        index += 1
        // Most texts have no escape, and are taken whole.
        while let byte, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { index += 1 }
        var text = try utf8(start + 1)
        while !takes("\"") {
            guard takes("\\") else { throw error(next, "a closing \", and control characters escaped") }
            text.unicodeScalars.append(try escape())
            let begin = index
            while let byte, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { index += 1 }
            text += try utf8(begin)
        }
        return text
    }

    private func utf8(_ start: Int) throws(WireError) -> String {
        guard let text = String(validating: bytes[start..<index], as: UTF8.self) else {
            throw WireError("byte \(start)", found: "a text that is no UTF-8", allowed: "UTF-8")
        }
        return text
    }

    private mutating func escape() throws(WireError) -> Unicode.Scalar {
        let escapes: [(Unicode.Scalar, Unicode.Scalar)] = [
            ("\"", "\""), ("\\", "\\"), ("/", "/"), ("n", "\n"), ("t", "\t"), ("r", "\r"), ("b", "\u{8}"),
            ("f", "\u{C}"),
        ]
        for (letter, meant) in escapes where takes(letter) { return meant }
        guard takes("u") else { throw error(next, "an escape such as \\n or \\u00e9") }
        let high = try hexadecimal()
        if let scalar = Unicode.Scalar(high) { return scalar }
        // Half of a pair of UTF-16: its other half has to follow.
        guard high < 0xDC00, takes("\\"), takes("u"), case let low = try hexadecimal(), (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw error("half of a character", "both halves") }
        return scalar
    }

    private mutating func hexadecimal() throws(WireError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error(next, "four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }
}
