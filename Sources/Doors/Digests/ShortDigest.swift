// SPDX-License-Identifier: Apache-2.0
internal import CNettle

/// The first 16 bytes of a text's SHA-224: enough to know a text by, as long as nobody is harmed by one that was made
/// to collide.
package struct ShortDigest: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(of bytes: [UInt8]) {
        var context = sha256_ctx()
        nettle_sha224_init(&context)
        nettle_sha256_update(&context, bytes.count, bytes)
        var digest: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &digest) { nettle_sha224_digest(&context, $0.count, $0.baseAddress) }
        high = UInt64(bigEndian: digest.0)
        low = UInt64(bigEndian: digest.1)
    }
}
