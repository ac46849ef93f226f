// SPDX-License-Identifier: Apache-2.0
internal import NIOSSL
package import Settings
internal import Synchronization

/// The tokens and the certificate that a service goes by now. Others may take their place while it serves.
package final class CredentialsInForce: Sendable {
    /// Of the configuration, whose settings they are.
    package let section: String
    /// nil for plain HTTP.
    package let tls: TLSContexts?
    private let now: Mutex<Credentials>

    package init(_ credentials: Credentials, of section: String) throws(Mistakes) {
        self.section = section
        tls = try Self.telling(section) { try credentials.tls.map { try TLSContexts($0) } }
        now = Mutex(credentials)
    }

    /// So for as long as the service runs.
    package var areTokensNeeded: Bool { now.withLock { $0.tokens != nil } }

    /// Whether a client's token is one of those that are good now.
    package func contains(_ token: some Collection<UInt8>) -> Bool {
        now.withLock { $0.tokens }?.contains(token) ?? false
    }

    /// Puts others in force: tokens for the next request, a certificate and authorities for the next connection.
    ///
    /// - Returns: the settings that wait for the next start, as `[section] name`: whether there are tokens, TLS and
    ///   authorities of clients stays as it was, as it guards the address that stays, too.
    /// - Throws: where the certificate can't be used; then nothing has changed.
    package func take(_ new: Credentials) throws(Mistakes) -> [String] {
        var taken = now.withLock { $0 }
        var waiting: [String] = []
        if let tls, let old = taken.tls, var configuration = new.tls {
            if configuration.asksForCertificates != old.asksForCertificates {
                configuration.trustRoots = old.trustRoots
                configuration.certificateVerification = old.certificateVerification
                waiting.append("[\(section)] tls_client_ca")
            }
            try Self.telling(section) { try tls.use(configuration) }
            taken.tls = configuration
        } else if (taken.tls == nil) != (new.tls == nil) {
            waiting.append("[\(section)] tls_certificate")
        }
        if taken.tokens != nil, new.tokens != nil {
            taken.tokens = new.tokens
        } else if (taken.tokens == nil) != (new.tokens == nil) {
            waiting.append("[\(section)] token_file")
        }
        now.withLock { [taken] in $0 = taken }
        return waiting
    }

    private static func telling<Value>(_ section: String, _ body: () throws -> Value) throws(Mistakes) -> Value {
        do { return try body() } catch {
            throw Mistakes([
                Mistake(
                    .init("[\(section)] tls_certificate"), "", found: "\(error)", allowed: "a certificate and its key")
            ])
        }
    }
}
