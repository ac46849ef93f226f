// SPDX-License-Identifier: Apache-2.0

/// The path of a route, in segments.
public struct RoutePattern: Sendable, Hashable, CustomStringConvertible {
    public enum Segment: Sendable, Hashable {
        case literal(String)
        /// Digits alone, or any text without `/`.
        case capture(String, isNumber: Bool)
    }

    /// Why a path can't be one.
    public struct Flaw: Error, Sendable, Hashable, CustomStringConvertible {
        public var description: String
    }

    public let segments: [Segment]

    public init(segments: [Segment]) { self.segments = segments }

    /// - Parameter path: `/a/{b}/{c:int}`, or a regular expression of literal text and groups `(?P<b>\d+)`, `(?P<b>\w+)`,
    ///   `(?P<b>[^/]+)`, which may end with `/?$`.
    public init(_ path: String) throws(Flaw) {
        var text = path
        if text.hasPrefix("^") { text.removeFirst() }
        if text.hasSuffix("$") { text.removeLast() }
        for ending in ["/?", "/"] where text.hasSuffix(ending) && text.count > 1 {
            text.removeLast(ending.count)
            break
        }
        func flaw(_ found: String) -> Flaw {
            Flaw(
                description:
                    "the path \"\(path.prefix(200))\" has \(found); allowed: segments such as /racks/{id:int}, or "
                    + "(?P<id>\\d+), (?P<name>\\w+) and (?P<name>[^/]+) as whole segments, and /?$ at the end")
        }
        guard text.hasPrefix("/") else { throw flaw("no / at its beginning") }
        guard text.utf8.count <= 500 else { throw flaw("over 500 letters") }
        var segments: [Segment] = []
        var names: Set<String> = []
        for part in Self.split(text.dropFirst()) {
            let segment = try Self.segment(part, flaw)
            if case .capture(let name, _) = segment {
                guard Self.isName(name) else { throw flaw("the name \"\(name.prefix(40))\"") }
                guard names.insert(name).inserted else { throw flaw("\"\(name)\" twice") }
            }
            segments.append(segment)
        }
        self.segments = segments
    }

    /// At each `/` that is in no group.
    private static func split(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "/" where depth == 0:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        return parts + [text[start...]]
    }

    private static func segment(_ part: Substring, _ flaw: (String) -> Flaw) throws(Flaw) -> Segment {
        if part.hasPrefix("{"), part.hasSuffix("}") {
            let words = part.dropFirst().dropLast().split(separator: ":", omittingEmptySubsequences: false)
            guard words.count == 1 || words.count == 2 && ["int", "text"].contains(words[1]) else {
                throw flaw("\"\(part.prefix(40))\"")
            }
            return .capture(String(words[0]), isNumber: words.last == "int" && words.count == 2)
        }
        if part.hasPrefix("(?P<"), part.hasSuffix(")"), let end = part.firstIndex(of: ">") {
            let name = String(part[part.index(part.startIndex, offsetBy: 4)..<end])
            switch part[part.index(after: end)...].dropLast() {
            case "\\d+", "[0-9]+": return .capture(name, isNumber: true)
            case "\\w+", "[^/]+", "[\\w-]+", "[a-zA-Z0-9_-]+": return .capture(name, isNumber: false)
            case let other: throw flaw("the group \"\(other.prefix(40))\"")
            }
        }
        let isPlain = part.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_~".utf8.contains(byte)
                || byte == UInt8(ascii: ".")
        }
        guard !part.isEmpty else { throw flaw("an empty segment") }
        guard isPlain, part != ".", part != ".." else { throw flaw("\"\(part.prefix(40))\"") }
        return .literal(String(part))
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || $0 == "_" || "0"..."9" ~= $0)
            }
    }

    /// What the captures hold; nil where the path is another.
    ///
    /// - Parameter parts: a path's, percent-decoded.
    public func match(_ parts: [String]) -> [String: String]? {
        guard parts.count == segments.count else { return nil }
        var captures: [String: String] = [:]
        for (part, segment) in zip(parts, segments) {
            switch segment {
            case .literal(let text): if part != text { return nil }
            case .capture(let name, let isNumber):
                if part.isEmpty || isNumber && !part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return nil }
                captures[name] = part
            }
        }
        return captures
    }

    /// Whether there is a path that is one of both.
    public func overlaps(_ other: RoutePattern) -> Bool {
        guard segments.count == other.segments.count else { return false }
        return zip(segments, other.segments).allSatisfy { left, right in
            switch (left, right) {
            case (.literal(let left), .literal(let right)): left == right
            case (.literal(let text), .capture(_, let isNumber)), (.capture(_, let isNumber), .literal(let text)):
                !isNumber || text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            case (.capture, .capture): true
            }
        }
    }

    /// `/racks/{id}`.
    public var description: String {
        segments.map { segment in
            switch segment {
            case .literal(let text): "/" + text
            case .capture(let name, _): "/{\(name)}"
            }
        }.joined()
    }
}
