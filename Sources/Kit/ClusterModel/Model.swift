// SPDX-License-Identifier: Apache-2.0

/// A picture of a cluster, of whatever shape its collector gives it. Strategies ask for one by its collector's name.
public protocol Model: Sendable {
    /// For people and files.
    var text: String { get }
}

/// A model that knows whether its collector could keep it up to date.
public protocol AgingModel: Model {
    /// The last synchronisation failed: nothing should be decided by it.
    var isStale: Bool { get }
}

/// What was asked of a model that it doesn't have.
public enum ModelError: Error, Sendable, Hashable, CustomStringConvertible {
    case computeNodeNotFound(String)
    case instanceNotFound(String)
    case instanceNotMapped(String)
    case storageNodeNotFound(String)
    case poolNotFound(String)
    case volumeNotFound(String)
    case volumeNotMapped(String)
    case ironicNodeNotFound(String)

    public var description: String {
        switch self {
        case .computeNodeNotFound(let name): "The compute node \(name) could not be found"
        case .instanceNotFound(let name): "The instance \(name) could not be found"
        case .instanceNotMapped(let name): "The instance \(name) is on no node, or not on the one named"
        case .storageNodeNotFound(let name): "The storage node \(name) could not be found"
        case .poolNotFound(let name): "The pool \(name) could not be found"
        case .volumeNotFound(let name): "The volume \(name) could not be found"
        case .volumeNotMapped(let name): "The volume or pool \(name) is in no pool or on no node"
        case .ironicNodeNotFound(let name): "The ironic node \(name) could not be found"
        }
    }
}
