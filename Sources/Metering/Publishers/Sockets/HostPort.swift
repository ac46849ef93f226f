// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Pipelines
internal import Settings

/// Where a datagram or a stream goes: `host`, `host:port`, `[2001:db8::1]:port`.
struct HostPort: Sendable, Hashable, CustomStringConvertible {
    /// Ceilometer's.
    private static let standardPort = 4952

    var host: String
    var port: Int

    init(_ url: PublisherURL) throws(Mistake) {
        guard let parsed = Self.parse(url.location) else {
            throw Mistake(
                url.place, "publisher \(url.shown)", found: "\(url.location.withoutPassword.quoted)",
                allowed: "\(url.scheme)://host or \(url.scheme)://host:port, the port from 1 to 65535")
        }
        self = parsed
    }

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Where something listens: the port is needed, and may be 0 for any.
    init?(listening text: String) {
        let bracket = text.hasPrefix("[") ? text.firstIndex(of: "]") : nil
        let hasPort = text[(bracket ?? text.startIndex)...].contains(":")
        guard hasPort, let parsed = Self.parse(text, ports: 0...65_535) else { return nil }
        self = parsed
    }

    private static func parse(_ location: String, ports: ClosedRange<Int> = 1...65_535) -> HostPort? {
        let text = location.hasSuffix("/") ? location.dropLast() : location[...]
        let isAddress = text.hasPrefix("[")
        guard let end = isAddress ? text.firstIndex(of: "]") : (text.firstIndex(of: ":") ?? text.endIndex) else {
            return nil
        }
        let host = isAddress ? text[..<end].dropFirst() : text[..<end]
        let rest = isAddress ? text[end...].dropFirst() : text[end...]
        let isName = host.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                || isAddress && (byte == UInt8(ascii: ":") || byte == UInt8(ascii: "%"))
        }
        guard !host.isEmpty, isName else { return nil }
        if rest.isEmpty { return HostPort(host: String(host), port: standardPort) }
        guard rest.hasPrefix(":"), let port = Int(rest.dropFirst()), ports.contains(port) else { return nil }
        return HostPort(host: String(host), port: port)
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
