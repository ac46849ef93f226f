// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel

/// Writes elements as the older system does: two spaces for each level, attributes in the order of the fields, no
/// declaration, ASCII alone.
struct XMLWriter {
    private var bytes: [UInt8] = []

    /// - Parameter elements: how many there will be, about: saves copying what was written.
    init(elements: Int = 100) { bytes.reserveCapacity(elements * 400) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// An element with what `children` writes inside, or closed at once where there are none.
    mutating func write<Element: ModelElement>(
        _ name: StaticString, _ element: Element, depth: Int, children: ((inout XMLWriter) -> Void)? = nil
    ) {
        open(name, depth: depth)
        for field in Element.fields {
            guard let value = field.read(element) else { continue }
            bytes.append(UInt8(ascii: " "))
            bytes += field.name.utf8
            bytes += "=\"".utf8
            switch value {
            // The two commonest need no text of their own.
            case .string(let string): write(escaping: string)
            case .integer(let integer): bytes += String(integer).utf8
            default: write(escaping: PythonLiteral.text(value))
            }
            bytes.append(UInt8(ascii: "\""))
        }
        guard let children else { return bytes += "/>\n".utf8 }
        bytes += ">\n".utf8
        children(&self)
        close(name, depth: depth)
    }

    /// The root, which has no attributes.
    mutating func root(_ name: StaticString, isEmpty: Bool, children: (inout XMLWriter) -> Void) {
        open(name, depth: 0)
        guard !isEmpty else { return bytes += "/>\n".utf8 }
        bytes += ">\n".utf8
        children(&self)
        close(name, depth: 0)
    }

    private mutating func open(_ name: StaticString, depth: Int) {
        for _ in 0..<depth { bytes += "  ".utf8 }
        bytes.append(UInt8(ascii: "<"))
        name.withUTF8Buffer { bytes += $0 }
    }

    private mutating func close(_ name: StaticString, depth: Int) {
        for _ in 0..<depth { bytes += "  ".utf8 }
        bytes += "</".utf8
        name.withUTF8Buffer { bytes += $0 }
        bytes += ">\n".utf8
    }

    private mutating func write(escaping text: String) {
        var text = text
        let isPlain = text.withUTF8 { utf8 in
            let isPlain = utf8.allSatisfy { byte in
                byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "<")
                    && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "\"")
            }
            if isPlain { bytes += utf8 }
            return isPlain
        }
        guard !isPlain else { return }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": bytes += "&amp;".utf8
            case "<": bytes += "&lt;".utf8
            case ">": bytes += "&gt;".utf8
            case "\"": bytes += "&quot;".utf8
            case "\n", "\r", "\t": bytes += "&#\(scalar.value);".utf8
            // What XML cannot hold at all.
            case _ where scalar.value < 0x20: bytes += "?".utf8
            case _ where scalar.value > 0x7F: bytes += "&#\(scalar.value);".utf8
            default: bytes.append(UInt8(scalar.value))
            }
        }
    }
}
