// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Coordination

struct HashRingTests {
    private let keys = (0..<1000).map { "resource-\($0)" }

    @Test func eachKeyHasOneOwnerWhateverTheOrderOfTheMembers() {
        let ring = HashRing(["a", "b", "c"])
        #expect(keys.allSatisfy { ring.owner(of: $0) == HashRing(["c", "a", "b"]).owner(of: $0) })
        #expect(HashRing([]).owner(of: "resource-1") == nil)
    }

    @Test func membersHaveSharesOfLikeSize() {
        let ring = HashRing(["a", "b", "c"])
        let counts = Dictionary(grouping: keys) { ring.owner(of: $0) ?? "" }.mapValues(\.count)
        #expect(counts.count == 3 && counts.values.allSatisfy { (230...450).contains($0) }, "\(counts)")
    }

    @Test func whoGoesMovesOnlyItsOwn() {
        let (before, after) = (HashRing(["a", "b", "c"]), HashRing(["a", "b"]))
        let moved = keys.filter { before.owner(of: $0) != after.owner(of: $0) }
        #expect(moved.allSatisfy { before.owner(of: $0) == "c" })
    }
}
