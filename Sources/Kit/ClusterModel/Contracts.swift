// SPDX-License-Identifier: Apache-2.0

/// Builds a model of a cluster, and says which notifications keep it up to date in between.
public protocol ClusterDataModelCollector: Sendable {
    /// Builds the whole model anew.
    ///
    /// - Throws: ``NothingToModel`` where there is nobody to ask, which is no failure: it is asked again by its period.
    func execute() async throws -> any Model

    var notificationEndpoints: [any NotificationEndpoint] { get }
}

/// What a collector makes its model of isn't there, such as a service that a cloud doesn't have.
public struct NothingToModel: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why, such as `the cloud's catalog has no service baremetal`.
    public var description: String

    public init(_ description: String) { self.description = description }
}

/// Changes a model as a notification says.
public protocol NotificationEndpoint: Sendable {
    /// Which notifications it wants.
    var filterRule: NotificationFilter { get }

    /// - Parameter model: the collector's own as it is now.
    /// - Returns: the model with the change; the same where there is none to make.
    func info(_ notification: Notification, model: any Model) async throws -> any Model
}

/// Narrows a model to what an audit may touch. A collector that does so can look up what a scope names and the model
/// doesn't hold, such as groups of hosts.
public protocol ScopeHandling: Sendable {
    /// - Parameters:
    ///   - scope: a list as `[{"compute": [RULE…]}, {"storage": [RULE…]}]`; empty for everything.
    ///   - heedsMetadata: whether rules about instances' metadata count, which a strategy asks for.
    /// - Returns: the model, and what the scope names and the model doesn't have.
    func narrow(
        _ model: any Model, to scope: JSONValue, heedsMetadata: Bool
    ) async throws -> (model: any Model, warnings: [String])
}

/// A collector that hears by itself what changes, besides what others send.
public protocol NotificationSource: Sendable {
    /// Hands on what it hears, in order, until it is cancelled.
    func listen(_ hear: @escaping @Sendable (Notification) -> Void) async
}

/// Where notifications come from that are for every collector, such as a message bus.
package protocol NotificationFeed: Sendable {
    /// Hands on what it hears, in order, until it is cancelled.
    func follow(_ hear: @escaping @Sendable (FeedNews) -> Void) async
}

/// What a feed of notifications tells.
package enum FeedNews: Sendable, Hashable {
    /// From now on all is heard; what was told before may have been missed.
    case connected
    /// Nothing is heard until it is connected again.
    case disconnected(String)
    case notification(Notification)
}
