// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// What has been written of each resource's metadata, as they are most of a message and the same from cycle to cycle.
struct MetadataTexts<Text: Sendable>: Sendable {
    private struct Key: Hashable {
        var resource: String
        /// Tells apart the few forms that one resource's metadata take, as with a pollster's own entries.
        var entryCount: Int
    }

    private struct Known {
        var metadata: Metadata
        var text: Text
        var lastUsed: Int
    }

    /// A text that no batch of so many has used is forgotten.
    private static var patience: Int { 64 }
    /// Kept at most, which is enough for a thousand instances with their devices: a list of a hundred thousand volumes
    /// goes by without staying.
    private static var most: Int { 5000 }

    private var known: [Key: Known] = [:]
    private var batch = 0

    /// Another batch begins.
    mutating func nextBatch() {
        batch += 1
        if batch.isMultiple(of: Self.patience) {
            known = known.filter { $0.value.lastUsed > batch - Self.patience }
        }
    }

    mutating func text(of sample: Sample, _ write: (Metadata) -> Text) -> Text {
        let key = Key(resource: sample.resourceID, entryCount: sample.resourceMetadata.entries.count)
        if let index = known.index(forKey: key), known.values[index].metadata == sample.resourceMetadata {
            known.values[index].lastUsed = batch
            return known.values[index].text
        }
        let text = write(sample.resourceMetadata)
        if known[key] != nil || known.count < Self.most {
            known[key] = Known(metadata: sample.resourceMetadata, text: text, lastUsed: batch)
        }
        return text
    }
}
