// SPDX-License-Identifier: Apache-2.0

/// Random numbers that depend on a seed alone (SplitMix64), so that an audit can be done again.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Array {
    /// So many different elements in random order; all of them where there are no more.
    func sample(_ count: Int, using generator: inout SeededGenerator) -> [Element] {
        var pool = self
        let count = Swift.min(Swift.max(count, 0), pool.count)
        for place in 0..<count { pool.swapAt(place, Int.random(in: place..<pool.count, using: &generator)) }
        return Array(pool.prefix(count))
    }
}
