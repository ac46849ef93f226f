// SPDX-License-Identifier: Apache-2.0

/// Makes and checks `message_signature`, Ceilometer's HMAC-SHA256 over a message under `telemetry_secret`.
///
/// The keyed digest comes from outside, as the one who has the library for it also has the secret: neither gets here.
/// Where the secret is empty, messages are not signed, and there is no signer.
package struct MessageSigner: Sendable {
    private let digest: @Sendable ([UInt8]) -> [UInt8]

    /// - Parameter digest: HMAC-SHA256 under the secret's UTF-8.
    package init(digest: @escaping @Sendable ([UInt8]) -> [UInt8]) { self.digest = digest }

    /// 64 lower-case hexadecimal digits, over all of a message but its signature.
    package func signature(of message: [WireValue.Entry]) -> String { signature(of: message, .bytes) }

    /// Whether a message bears the signature that this secret gives, as any of the versions writes it.
    package func verifies(_ message: WireValue) -> Bool {
        guard case .object(let entries) = message, case .string(let signature)? = message["message_signature"] else {
            return false
        }
        let styles = message.hasList ? SignatureText.ListStyle.allCases : [.bytes]
        return styles.contains { Self.areEqual(self.signature(of: entries, $0), signature) }
    }

    func signature(of text: SignatureText) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest(text.bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private func signature(of message: [WireValue.Entry], _ style: SignatureText.ListStyle) -> String {
        var text = SignatureText(style)
        text.append(message)
        return signature(of: text)
    }

    /// In a time that does not tell how much of it is right.
    private static func areEqual(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension WireValue {
    fileprivate var hasList: Bool {
        switch self {
        case .array: true
        case .object(let entries): entries.contains { $0.value.hasList }
        default: false
        }
    }
}
