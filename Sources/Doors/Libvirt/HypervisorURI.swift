// SPDX-License-Identifier: Apache-2.0

/// What can be said of a libvirt URI without connecting: `driver[+transport]://[user@][host][:port]/[path][?options]`.
public enum HypervisorURI {
    /// libvirt's drivers.
    public static let drivers = [
        "bhyve", "ch", "esx", "gsx", "hyperv", "lxc", "openvz", "parallels", "qemu", "test", "vbox", "vpx", "vz", "xen",
    ]
    public static let transports = ["ext", "libssh", "libssh2", "ssh", "tcp", "tls", "unix"]

    public enum Flaw: Sendable, Hashable {
        case notAURI
        case unknownDriver(String)
        case unknownTransport(String)
    }

    /// What is wrong with it, or nil. Whether anybody answers there is not asked.
    public static func flaw(in uri: String) -> Flaw? {
        guard let colon = uri.firstIndex(of: ":"), uri[colon...].hasPrefix("://"),
            !uri.contains(where: \.isWhitespace), uri[colon...].dropFirst(3).contains("/")
        else { return .notAURI }
        let scheme = uri[..<colon]
            .split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard drivers.contains(scheme[0]) else { return .unknownDriver(scheme[0]) }
        if scheme.count == 2, !transports.contains(scheme[1]) { return .unknownTransport(scheme[1]) }
        return nil
    }

    /// For messages: a password, which some transports take, is hidden.
    package static func shown(_ uri: String) -> String {
        guard let scheme = uri.firstRange(of: "://") else { return uri }
        let rest = uri[scheme.upperBound...]
        guard let at = rest.lastIndex(of: "@"), let colon = rest[..<at].firstIndex(of: ":") else { return uri }
        return uri[...colon] + "***" + uri[at...]
    }
}
