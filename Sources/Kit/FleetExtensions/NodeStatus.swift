// SPDX-License-Identifier: Apache-2.0

/// Where a node is in its life; the words are Nailgun's.
public enum NodeStatus: String, Sendable, Hashable, CaseIterable {
    /// Registered, and nothing was rolled out to it yet.
    case discover
    case provisioning, provisioned, deploying
    /// It runs what was rolled out to it.
    case ready
    case error, removing, stopped

    /// What an agent's word doesn't change: somebody works on the node, or has to look at it.
    public var isKeptFromAgents: Bool { self == .provisioning || self == .error }
}
