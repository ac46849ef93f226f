// SPDX-License-Identifier: Apache-2.0

/// A batch as it is posted: a JSON array with each of its samples on a line of its own.
enum SampleArray {
    private static let lineFeed = UInt8(ascii: "\n")

    /// The samples, each a JSON object.
    static func samples(of batch: [UInt8]) -> [ArraySlice<UInt8>] {
        // JSON escapes line feeds within texts. Before the first is the bracket.
        batch.dropLast().split(separator: lineFeed).dropFirst().map { line in
            line.last == UInt8(ascii: ",") ? line.dropLast() : line
        }
    }

    static func batch(_ samples: some Collection<ArraySlice<UInt8>>) -> [UInt8] {
        [UInt8(ascii: "["), lineFeed] + samples.joined(separator: [UInt8(ascii: ","), lineFeed]) + [UInt8(ascii: "]")]
    }
}
