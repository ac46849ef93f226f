// SPDX-License-Identifier: Apache-2.0
internal import CNettle

/// HMAC-SHA256 (RFC 2104) under one key, by nettle. The key is worked in once, so that each digest costs its message.
package struct HMACSHA256: Sendable {
    private let keyed: hmac_sha256_ctx

    package init(key: String) { self.init(key: Array(key.utf8)) }

    package init(key bytes: [UInt8]) {
        var context = hmac_sha256_ctx()
        nettle_hmac_sha256_set_key(&context, bytes.count, bytes)
        keyed = context
    }

    /// 32 bytes.
    package func digest(of message: [UInt8]) -> [UInt8] {
        var context = keyed
        nettle_hmac_sha256_update(&context, message.count, message)
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
        nettle_hmac_sha256_digest(&context, digest.count, &digest)
        return digest
    }
}
