// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// Writes samples as JSON lines, batch after batch, and remembers the text of each resource's metadata.
package struct JSONLines: Sendable {
    private var metadata = MetadataTexts<[UInt8]>()

    package init() {}

    /// One batch and no other.
    package static func of(_ samples: [Sample]) -> [UInt8] {
        var lines = JSONLines()
        return lines.text(samples)
    }

    /// A JSON object for each sample, each ended by a line feed.
    package mutating func text(_ samples: [Sample]) -> [UInt8] {
        bytes(of: samples, before: "", after: "\n")
    }

    /// One JSON array, each of its samples on a line of its own.
    package mutating func array(_ samples: [Sample]) -> [UInt8] {
        var bytes = bytes(of: samples, before: ",\n", after: "")
        // The first comma becomes the bracket; the line feed after it does no harm.
        if bytes.isEmpty { bytes.append(UInt8(ascii: "[")) } else { bytes[0] = UInt8(ascii: "[") }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }

    private mutating func bytes(of samples: [Sample], before: StaticString, after: StaticString) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(samples.count * 1500)
        for sample in samples {
            let text = metadata.text(of: sample) { metadata in
                var text: [UInt8] = []
                text.appendJSON(metadata)
                return text
            }
            bytes.append(before)
            sample.appendJSON(to: &bytes, metadata: text)
            bytes.append(after)
        }
        metadata.nextBatch()
        return bytes
    }
}
