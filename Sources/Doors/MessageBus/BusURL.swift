// SPDX-License-Identifier: Apache-2.0

/// Where a message bus is, as `transport_url` of oslo.messaging has it:
/// `rabbit://user:password@host:5672,user:password@host:5672/vhost?option=value`.
package struct BusURL: Sendable, Hashable {
    /// One broker of a cluster.
    package struct Host: Sendable, Hashable {
        /// A name or an address, an IPv6 address without brackets.
        package var name: String
        /// nil where the URL has none: 5672, or 5671 with TLS.
        package var port: Int?
        /// `guest`, who has `guest` as the password, where the URL has none.
        package var user: String
        package var password: String
    }

    /// `kombu` is oslo's old name of `rabbit`.
    package static let schemes = ["rabbit", "kombu", "amqp", "amqps"]

    private static let form = "rabbit://user:password@host:5672,user:password@host:5672/vhost"

    /// At least one.
    package var hosts: [Host]
    package var virtualHost: String
    /// What stands after the `?`, in this order.
    package var options: [(name: String, value: String)] { pairs.map { ($0.name, $0.value) } }
    /// Whether the scheme says so.
    package var isTLS: Bool

    private struct Pair: Hashable {
        var name: String
        var value: String
    }

    private var pairs: [Pair]

    /// Whether a text is the URL of another kind of bus, or of none.
    package init(_ text: String) throws(BusMistake) {
        guard let mark = text.firstRange(of: "://") else {
            throw BusMistake(found: "no URL", allowed: "a URL such as \(Self.form)")
        }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard Self.schemes.contains(scheme) else {
            throw BusMistake(
                found: "the scheme \(scheme.prefix(20))://",
                allowed: "RabbitMQ: \(Self.schemes.map { "\($0)://" }.joined(separator: ", "))")
        }
        isTLS = scheme == "amqps"
        let rest = text[mark.upperBound...]
        let question = rest.firstIndex(of: "?") ?? rest.endIndex
        let authority = rest[..<question].prefix { $0 != "/" }
        let path = rest[authority.endIndex..<question].dropFirst()
        hosts = []
        for part in authority.split(separator: ",", omittingEmptySubsequences: false) {
            hosts.append(try Self.host(part))
        }
        virtualHost = path.isEmpty ? "/" : try Self.decoded(path, "the virtual host")
        pairs = []
        for option in rest[question...].dropFirst().split(separator: "&") {
            let words = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard words.count == 2, !words[0].isEmpty else {
                throw BusMistake(found: "an option without a name or a value", allowed: "\(Self.form)?option=value")
            }
            pairs.append(Pair(name: String(words[0]), value: try Self.decoded(words[1], "the option \(words[0])")))
        }
    }

    private static func host(_ text: Substring) throws(BusMistake) -> Host {
        let at = text.lastIndex(of: "@")
        let place = at.map { text[text.index(after: $0)...] } ?? text
        let isAddress = place.hasPrefix("[")
        let end = isAddress ? place.firstIndex(of: "]") : place.firstIndex(of: ":") ?? place.endIndex
        guard let end else { throw BusMistake(found: "[ without ]", allowed: form) }
        let name = isAddress ? place[..<end].dropFirst() : place[..<end]
        let tail = isAddress ? place[end...].dropFirst() : place[end...]
        let isName = name.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || ".-_".utf8.contains(byte) || isAddress && ":%".utf8.contains(byte)
        }
        guard !name.isEmpty, isName else {
            throw BusMistake(
                found: name.isEmpty ? "an empty host" : "a host with characters that no name of a host has",
                allowed: "\(form), with @ : / ? , of users and passwords as %40 %3A %2F %3F %2C")
        }
        var host = Host(name: String(name), user: "guest", password: "guest")
        if !tail.isEmpty {
            guard tail.first == ":", let port = Int(tail.dropFirst()), (1...65_535).contains(port) else {
                throw BusMistake(
                    found: "no port after the host \(name)", allowed: "\(name):port, from 1 to 65535")
            }
            host.port = port
        }
        if let at {
            let words = text[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            host.user = try decoded(words[0], "a user")
            host.password = words.count > 1 ? try decoded(words[1], "a password") : ""
        }
        return host
    }

    /// - Parameter what: for the message; the text itself may be a secret.
    private static func decoded(_ text: Substring, _ what: String) throws(BusMistake) -> String {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let decoded = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2
            else {
                throw BusMistake(found: "\(what) with a % that two digits don't follow", allowed: "%25 for a %")
            }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw BusMistake(found: "\(what) that is no text", allowed: "UTF-8")
        }
        return text
    }
}

extension BusURL: CustomStringConvertible {
    /// Without users, passwords and options.
    package var description: String {
        let hosts = hosts.map { host in
            (host.name.contains(":") ? "[\(host.name)]" : host.name) + (host.port.map { ":\($0)" } ?? "")
        }
        return
            "\(isTLS ? "amqps" : "rabbit")://\(hosts.joined(separator: ","))/\(virtualHost == "/" ? "" : virtualHost)"
    }
}
