// SPDX-License-Identifier: Apache-2.0
package import Settings
internal import Synchronization

/// The tokens and the certificate that a service goes by now. Others may take their place while it serves.
package final class CredentialsInForce: Sendable {
    /// Of the configuration, whose settings they are.
    package let section: String
    /// nil for plain HTTP.
    package let tls: TLSContexts?
    private let tokens: Mutex<AccessTokens?>

    package init(_ credentials: Credentials, of section: String) throws(Mistakes) {
        self.section = section
        tls = try Self.telling(section) { try credentials.tls.map { try TLSContexts($0) } }
        tokens = Mutex(credentials.tokens)
    }

    /// So for as long as the service runs.
    package var areTokensNeeded: Bool { tokens.withLock { $0 != nil } }

    /// Whether a client's token is one of those that are good now.
    package func contains(_ token: some Collection<UInt8>) -> Bool { tokens.withLock { $0 }?.contains(token) ?? false }

    /// Puts others in force: tokens for the next request, a certificate for the next connection.
    ///
    /// - Returns: the settings that wait for the next start, as `[section] name`: whether there are tokens, and whether
    ///   there is TLS, stays as it was.
    /// - Throws: where the certificate can't be used; then nothing has changed.
    package func take(_ new: Credentials) throws(Mistakes) -> [String] {
        var waiting: [String] = []
        if let tls, let configuration = new.tls {
            try Self.telling(section) { try tls.use(configuration) }
        } else if (tls == nil) != (new.tls == nil) {
            waiting.append("[\(section)] tls_certificate")
        }
        tokens.withLock { tokens in
            if tokens != nil, new.tokens != nil {
                tokens = new.tokens
            } else if (tokens == nil) != (new.tokens == nil) {
                waiting.append("[\(section)] token_file")
            }
        }
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
