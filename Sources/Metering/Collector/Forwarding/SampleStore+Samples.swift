// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
internal import Telemetry
internal import Wire

extension SampleStore {
    /// So many metadata are kept in memory, read.
    private static let mostMetadata = 20_000

    /// What points that are about to be stored were made of, in their order, but with new message ids: of the old ones
    /// only digests are known.
    func samples(_ arrivals: [Arrival]) async throws(StoreError) -> [Sample] {
        let metadata = try await self.metadata(Set(arrivals.map(\.point.metadata)))
        let words = catalog.withLock { catalog in
            Dictionary(uniqueKeysWithValues: Set(arrivals.map(\.series)).map { ($0, SeriesWords($0, catalog)) })
        }
        return arrivals.compactMap { arrival in
            guard let words = words[arrival.series] ?? nil else { return nil }
            let point = arrival.point
            var sample = Sample(
                Meter(words.meter.name, words.meter.kind, unit: words.meter.unit), point.volume,
                of: Resource(
                    id: words.resource, projectID: words.owner.projectID, userID: words.owner.userID,
                    metadata: metadata[point.metadata] ?? [:]),
                at: Timestamp(microseconds: point.time), source: words.source,
                readAt: point.monotonic == Point.unknown
                    ? nil : MonotonicTime(nanoseconds: UInt64(clamping: point.monotonic) * 1000))
            sample.userName = words.owner.userName
            sample.projectName = words.owner.projectName
            return sample
        }
    }

    private func metadata(_ ids: Set<Int32>) async throws(StoreError) -> [Int32: Metadata] {
        if forwardedMetadata.count > Self.mostMetadata { forwardedMetadata = [:] }
        var missing = ids.filter { forwardedMetadata[$0] == nil }
        var texts = catalog.withLock { catalog in
            Dictionary(uniqueKeysWithValues: missing.compactMap { id in catalog.unsavedText(id).map { (id, $0) } })
        }
        missing.subtract(texts.keys)
        if !missing.isEmpty {
            for (id, text) in try await metadataTexts(missing) { texts[id] = Array(text.utf8) }
        }
        for (id, text) in texts {
            let value = try? WireValue(json: text, within: WireLimits(bytes: 64 << 20))
            // It was made of metadata: what is no object was none.
            guard case .object(let entries)? = value, let metadata = try? Metadata(entries) else { continue }
            forwardedMetadata[id] = metadata
        }
        return forwardedMetadata.filter { ids.contains($0.key) }
    }
}
