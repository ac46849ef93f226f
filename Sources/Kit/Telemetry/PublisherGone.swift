// SPDX-License-Identifier: Apache-2.0

/// What a publisher throws when the other side has gone for good, as the reader of a pipe: trying again is vain, so
/// that what waits is dropped, counted and said.
public struct PublisherGone: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why, in the other side's or the system's words.
    public var description: String

    public init(_ description: String) { self.description = description }
}
