// SPDX-License-Identifier: Apache-2.0
internal import CNettle

/// Bytes as text of 64 characters (RFC 4648), by nettle.
package enum Base64 {
    package static func encode(_ bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: (bytes.count + 2) / 3 * 4)
        nettle_base64_encode_raw(&text, bytes.count, bytes)
        return String(decoding: text.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// nil for what is no such text.
    package static func decode(_ text: String) -> [UInt8]? {
        let characters = text.utf8.map { CChar(bitPattern: $0) }
        var context = base64_decode_ctx()
        nettle_base64_decode_init(&context)
        var count = characters.count / 4 * 3 + 3
        var bytes = [UInt8](repeating: 0, count: count)
        guard nettle_base64_decode_update(&context, &count, &bytes, characters.count, characters) == 1,
            nettle_base64_decode_final(&context) == 1
        else { return nil }
        return Array(bytes.prefix(count))
    }
}
