// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// `accumulator`: holds samples back until there are so many, then lets all of them go.
struct Accumulator: Transformer {
    /// Below 1 nothing is held back.
    private let size: Int
    private var held: [Sample] = []

    init(size: Int) { self.size = size }

    mutating func transform(_ samples: [Sample], _: inout TransformerPass) -> [Sample] {
        guard size >= 1 else { return samples }
        held += samples
        return []
    }

    mutating func flush(_ pass: inout TransformerPass) -> [Sample] {
        guard held.count >= size || pass.isLast else { return [] }
        defer { held = [] }
        return held
    }
}
