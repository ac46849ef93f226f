// SPDX-License-Identifier: Apache-2.0

/// What a pollster throws when some resources can't be polled and trying again at once is vain: it isn't asked for them
/// for a time, which doubles as long as they keep failing, up to a limit. The other resources' samples go with it.
public struct PollsterPermanentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The ``Resource/id`` of each.
    public var resourceIDs: Set<String>
    /// Why, in the words of whoever refused.
    public var description: String
    /// What the other resources gave.
    public var samples: [Sample]

    public init(_ description: String, resourceIDs: Set<String>, samples: [Sample] = []) {
        self.description = description
        self.resourceIDs = resourceIDs
        self.samples = samples
    }
}
