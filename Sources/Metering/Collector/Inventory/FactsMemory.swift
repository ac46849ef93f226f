// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// Facts by their metadata's number, each text read once: metadata never change, an instance whose metadata change gets
/// others.
final class FactsMemory: Sendable {
    private let known = Mutex<[Int32: InstanceFacts?]>([:])

    /// Those of metadata that are an instance's.
    func facts(_ ids: Set<Int32>, _ store: SampleStore) async throws(StoreError) -> [Int32: InstanceFacts] {
        let missing = known.withLock { known in ids.filter { known[$0] == nil } }
        let read = try await store.metadataTexts(missing).mapValues { InstanceFacts(metadata: $0) }
        return known.withLock { known in
            known.merge(read) { $1 }
            // What nobody has asked for lately goes.
            if known.count > 4 * ids.count + 1000 { known = known.filter { ids.contains($0.key) } }
            return known.filter { ids.contains($0.key) }.compactMapValues { $0 }
        }
    }
}
