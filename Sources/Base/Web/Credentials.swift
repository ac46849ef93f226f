// SPDX-License-Identifier: Apache-2.0
package import NIOSSL

/// By what a service knows its clients, and they know it.
package struct Credentials: Sendable {
    /// nil where clients need none.
    package var tokens: AccessTokens?
    /// nil for plain HTTP.
    package var tls: TLSConfiguration?

    package init(tokens: AccessTokens?, tls: TLSConfiguration?) {
        self.tokens = tokens
        self.tls = tls
    }
}
