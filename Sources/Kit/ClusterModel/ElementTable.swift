// SPDX-License-Identifier: Apache-2.0

/// Elements in the order in which they were added, each found by its key at once.
///
/// An element keeps its slot, a number from 0, until ``compact()``; a removed one leaves a hole, so that nothing else
/// has to move.
struct ElementTable<Element: ModelElement>: Sendable, Hashable {
    private(set) var slots: [Element?] = []
    private var slotOfKey: [String: Int] = [:]

    var count: Int { slotOfKey.count }

    /// So many holes that walking past them costs more than moving what is left.
    var isSparse: Bool { slots.count > 2 * count + 64 }

    func slot(of key: String) -> Int? { slotOfKey[key] }

    /// An element of the same key is replaced and keeps its place.
    mutating func add(_ element: Element) -> Int {
        if let slot = slotOfKey[element.key] {
            slots[slot] = element
            return slot
        }
        slotOfKey[element.key] = slots.count
        slots.append(element)
        return slots.count - 1
    }

    mutating func remove(_ slot: Int) {
        guard let element = slots[slot] else { return }
        slotOfKey[element.key] = nil
        slots[slot] = nil
    }

    /// Cheaper than reading the whole element.
    func key(_ slot: Int) -> String {
        guard let key = slots[slot]?.key else { preconditionFailure("slot \(slot) holds nothing any more") }
        return key
    }

    subscript(slot: Int) -> Element {
        _read {
            guard let element = slots[slot] else { preconditionFailure("slot \(slot) holds nothing any more") }
            yield element
        }
        set {
            precondition(slots[slot]?.key == newValue.key, "an element's key doesn't change while it is in a model")
            slots[slot] = newValue
        }
    }

    /// The slots that hold something, in order.
    var liveSlots: [Int] { slots.indices.filter { slots[$0] != nil } }

    /// Closes the holes.
    ///
    /// - Returns: the new slot of each old one; -1 for a hole.
    mutating func compact() -> [Int] {
        var moved = [Int](repeating: -1, count: slots.count)
        var kept: [Element?] = []
        kept.reserveCapacity(count)
        for (slot, element) in slots.enumerated() {
            guard let element else { continue }
            moved[slot] = kept.count
            slotOfKey[element.key] = kept.count
            kept.append(element)
        }
        slots = kept
        return moved
    }
}
