// SPDX-License-Identifier: Apache-2.0
internal import CSnappy

/// libsnappy: the block format without frames, which Prometheus' remote write wants.
package enum Snappy {
    package static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var count = snappy_max_compressed_length(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: count) { output, used in
            let status = bytes.withUnsafeBytes { input in
                output.withMemoryRebound(to: CChar.self) { output in
                    snappy_compress(
                        input.baseAddress?.assumingMemoryBound(to: CChar.self), input.count, output.baseAddress,
                        &count)
                }
            }
            // It fails for nothing but a buffer that is too small.
            precondition(status == SNAPPY_OK, "snappy_compress")
            used = count
        }
    }
}
