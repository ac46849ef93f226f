// SPDX-License-Identifier: Apache-2.0

/// How a connection is encrypted, by TLS from 1.2 on, and who has to be whom.
package struct BusTLS: Sendable, Hashable {
    /// A PEM file with the authorities whose brokers are trusted; nil for those that this host trusts.
    package var caFile: String?
    /// PEM files with what this host shows of itself; nil for nothing. The key's may be the certificate's.
    package var certificateFile: String?
    package var keyFile: String?
    /// Whether the broker's certificate, and its name in it, are checked.
    package var verifies = true

    package init() {}

    /// Where distributions keep the authorities that a host trusts.
    static let systemAuthorities = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]
}
