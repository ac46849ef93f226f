// SPDX-License-Identifier: Apache-2.0
internal import CNettle

/// The SHA-224 digest, by nettle, which libvirt's own libraries have loaded already.
package enum SHA224 {
    /// 56 lower-case hexadecimal digits.
    package static func hex(_ text: String) -> String {
        var context = sha256_ctx()
        nettle_sha224_init(&context)
        let bytes = Array(text.utf8)
        nettle_sha256_update(&context, bytes.count, bytes)
        var digest = [UInt8](repeating: 0, count: Int(SHA224_DIGEST_SIZE))
        nettle_sha224_digest(&context, digest.count, &digest)
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
