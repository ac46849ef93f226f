// SPDX-License-Identifier: Apache-2.0
package import Settings
internal import WebClient

/// Where agents agree on who polls what: `etcd3+http://[user:password@]host[:port][,host[:port]…][?ca_cert=path]`, and
/// the same with `https`.
package struct CoordinationURL: Sendable, Hashable {
    /// `http://host:port` of each, in the order given.
    var servers: [String]
    var user: String?
    var password: String?
    var trust = WebTrust()

    private static let schemes = [
        "etcd3+http": "http", "etcd3+https": "https", "etcd3gw+http": "http", "etcd3gw+https": "https",
        "etcd3": "http",
    ]
    private static let form = "etcd3+http://host:2379 or etcd3+https://…, several hosts with commas between"

    package init(_ text: String, place: Mistake.Place) throws(Mistake) {
        func mistake(_ found: String, _ allowed: String = Self.form) -> Mistake {
            Mistake(place, "[coordination] backend_url", found: found, allowed: allowed)
        }
        guard let mark = text.firstRange(of: "://"), let scheme = Self.schemes[String(text[..<mark.lowerBound])] else {
            throw mistake("\(text.withoutPassword.quoted), which names no etcd")
        }
        var rest = text[mark.upperBound...]
        if let question = rest.firstIndex(of: "?") {
            for pair in rest[rest.index(after: question)...].split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
                switch (parts[0], parts.count > 1 ? parts[1] : "") {
                case ("ca_cert", let path) where !path.isEmpty: trust.authorities = path
                case ("cert_cert", let path) where !path.isEmpty: trust.certificate = path
                case ("cert_key", let path) where !path.isEmpty: trust.key = path
                default:
                    throw mistake("option \(parts[0].quoted)", "ca_cert, cert_cert and cert_key, each with a path")
                }
            }
            rest = rest[..<question]
        }
        if trust != WebTrust(), scheme == "http" { throw mistake("certificates for http", "https") }
        if (trust.certificate == nil) != (trust.key == nil) {
            throw mistake("half of a certificate", "cert_cert and cert_key")
        }
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { throw mistake("a user without a password") }
            user = parts[0].unescaped
            password = parts[1].unescaped
            rest = rest[rest.index(after: at)...]
        }
        let hosts = rest.prefix { $0 != "/" }
        guard rest[hosts.endIndex...].allSatisfy({ $0 == "/" }) else {
            throw mistake("a path after the hosts")
        }
        servers = try hosts.split(separator: ",", omittingEmptySubsequences: false).map { host throws(Mistake) in
            let port = host.last == "]" ? nil : host.lastIndex(of: ":").map { host[host.index(after: $0)...] }
            guard let first = host.first, first != ":", host.unicodeScalars.allSatisfy(\.isOfAHost),
                port.map({ (1...65535).contains(Int($0) ?? 0) }) ?? true
            else { throw mistake("\(String(host).quoted), which is no host[:port]") }
            return "\(scheme)://\(host)" + (port == nil ? ":2379" : "")
        }
    }
}

extension CoordinationURL: CustomStringConvertible {
    /// Without what is secret.
    package var description: String { servers.joined(separator: ", ") }
}

extension Unicode.Scalar {
    fileprivate var isOfAHost: Bool {
        properties.isAlphabetic || ("0"..."9").contains(self) || "-._:[]%".unicodeScalars.contains(self)
    }
}

extension Substring {
    /// With `%40` and the like as the characters they stand for.
    fileprivate var unescaped: String {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
