// SPDX-License-Identifier: Apache-2.0
internal import NIOSSL

/// Why TLS could not be agreed on, where the library has but its own constants.
enum TLSWords {
    /// By what stands in the library's error; the first that does.
    private static let known: [(sign: String, words: String)] = [
        ("CERTIFICATE_VERIFY_FAILED", "its certificate is of no authority that is trusted here, or is out of date"),
        ("WRONG_VERSION_NUMBER", "what answers there speaks no TLS; is it http://?"),
        ("HTTP_REQUEST", "what answers there speaks no TLS; is it http://?"),
        ("PROTOCOL_VERSION", "no version of TLS that both sides allow"),
        ("UNSUPPORTED_PROTOCOL", "no version of TLS that both sides allow"),
        ("CERTIFICATE_REQUIRED", "it wants a certificate of this side, and got none"),
        ("UNKNOWN_CA", "it does not trust the certificate that this side showed"),
        ("BAD_CERTIFICATE", "it does not take the certificate that this side showed"),
        ("CERTIFICATE_EXPIRED", "the certificate that this side showed is out of date"),
        ("HANDSHAKE_FAILURE", "it agrees to nothing that this side offers; does it want a certificate?"),
    ]

    /// nil where the error is not of TLS.
    static func of(_ error: any Error) -> String? {
        if let error = error as? NIOSSLExtraError {
            return error == .failedToValidateHostname
                ? "TLS: its certificate is for another name than the URL's" : "TLS: \(error)"
        }
        guard error is NIOSSLError || error is BoringSSLError else { return nil }
        let text = "\(error)"
        return "TLS: \(known.first { text.contains($0.sign) }?.words ?? String(text.unicodeScalars.prefix(300)))"
    }
}
