// SPDX-License-Identifier: Apache-2.0
internal import CNettle

/// HMAC-SHA1 (RFC 2104), by nettle: for protocols that prescribe it, such as version 2 of S3's signature.
package enum HMACSHA1 {
    /// 20 bytes.
    package static func digest(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var context = hmac_sha1_ctx()
        nettle_hmac_sha1_set_key(&context, key.count, key)
        nettle_hmac_sha1_update(&context, message.count, message)
        var digest = [UInt8](repeating: 0, count: Int(SHA1_DIGEST_SIZE))
        nettle_hmac_sha1_digest(&context, digest.count, &digest)
        return digest
    }
}
