// SPDX-License-Identifier: Apache-2.0
internal import Digests

/// The message ids that were dealt with last, so that a message that comes again, as after a lost connection, gives
/// nothing twice. What came longer ago is known by the ids of its samples, which are the same each time.
struct SeenMessages {
    private let most: Int
    private var known: Set<ShortDigest> = []
    /// In the order they came, as a ring.
    private var order: [ShortDigest] = []
    private var oldest = 0

    init(most: Int = 100_000) { self.most = most }

    func contains(_ id: String) -> Bool { known.contains(ShortDigest(of: Array(id.utf8))) }

    mutating func insert(_ id: String) {
        let digest = ShortDigest(of: Array(id.utf8))
        guard known.insert(digest).inserted else { return }
        if order.count < most {
            order.append(digest)
        } else {
            known.remove(order[oldest])
            order[oldest] = digest
            oldest = (oldest + 1) % most
        }
    }
}
