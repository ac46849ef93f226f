// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// Writes samples as JSON lines, batch after batch, and remembers the text of each resource's metadata: they are most
/// of a line, and the same from cycle to cycle.
package struct JSONLines: Sendable {
    private struct Key: Hashable {
        var resource: String
        /// Tells apart the few forms that one resource's metadata take, as with a pollster's own entries.
        var entryCount: Int
    }

    private struct Known {
        var metadata: Metadata
        var text: [UInt8]
        var lastUsed: Int
    }

    /// A text that no batch of so many has used is forgotten.
    private static let patience = 64

    private var known: [Key: Known] = [:]
    private var batch = 0

    package init() {}

    /// One batch and no other.
    package static func of(_ samples: [Sample]) -> [UInt8] {
        var lines = JSONLines()
        return lines.text(samples)
    }

    /// A JSON object for each sample, each ended by a line feed.
    package mutating func text(_ samples: [Sample]) -> [UInt8] {
        batch += 1
        var bytes: [UInt8] = []
        bytes.reserveCapacity(samples.count * 1500)
        for sample in samples {
            sample.appendJSON(to: &bytes, metadata: metadata(of: sample))
            bytes.append(UInt8(ascii: "\n"))
        }
        if batch.isMultiple(of: Self.patience) {
            known = known.filter { $0.value.lastUsed > batch - Self.patience }
        }
        return bytes
    }

    private mutating func metadata(of sample: Sample) -> [UInt8] {
        let key = Key(resource: sample.resourceID, entryCount: sample.resourceMetadata.entries.count)
        if let index = known.index(forKey: key), known.values[index].metadata == sample.resourceMetadata {
            known.values[index].lastUsed = batch
            return known.values[index].text
        }
        var text: [UInt8] = []
        text.appendJSON(sample.resourceMetadata)
        known[key] = Known(metadata: sample.resourceMetadata, text: text, lastUsed: batch)
        return text
    }
}
