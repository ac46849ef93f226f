// SPDX-License-Identifier: Apache-2.0

/// What came of the samples of one message, before any of it is stored.
struct Reading: Sendable {
    var arrivals: [Arrival] = []
    var refusals: [Refusal] = []
    /// How many of them were read by comparing their text with one that was read before.
    var recognised = 0
}
