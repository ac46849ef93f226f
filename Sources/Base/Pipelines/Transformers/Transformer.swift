// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// A step between a sink and its publishers: takes samples and gives others in their place. A value, with what it has to
/// remember between batches.
package protocol Transformer: Sendable {
    /// What takes the place of a batch.
    mutating func transform(_ samples: [Sample], _ pass: inout TransformerPass) -> [Sample]

    /// What has been held back and goes out now. Called after each batch that is published, also one without samples
    /// for this step.
    mutating func flush(_ pass: inout TransformerPass) -> [Sample]
}

extension Transformer {
    /// Nothing is held back.
    package mutating func flush(_: inout TransformerPass) -> [Sample] { [] }
}
