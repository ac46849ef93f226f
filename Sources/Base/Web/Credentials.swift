// SPDX-License-Identifier: Apache-2.0
package import NIOSSL
package import Settings

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

    /// Reads the files that a service's settings name.
    package init(
        _ configuration: Configuration, tokenFile: Setting<String>, tls names: TLSFiles.Names
    ) throws(Mistakes) {
        var mistakes = Mistakes()
        let path = mistakes.collect { () throws(Mistake) in try configuration.value(tokenFile) } ?? ""
        if !path.isEmpty { tokens = mistakes.collectAll { () throws(Mistakes) in try AccessTokens.read(path) } }
        let files = mistakes.collect { () throws(Mistake) in try TLSFiles(configuration, names) } ?? nil
        tls = mistakes.collect { () throws(Mistake) in try files?.configuration() } ?? nil
        try mistakes.throwIfAny()
    }

    /// Whether clients have to show a token or a certificate.
    package var areClientsKnown: Bool { tokens != nil || tls?.asksForCertificates == true }
}

extension TLSConfiguration {
    /// Whether clients have to show one.
    var asksForCertificates: Bool { certificateVerification != .none }
}
