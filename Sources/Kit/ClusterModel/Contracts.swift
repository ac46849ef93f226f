// SPDX-License-Identifier: Apache-2.0

/// Builds a model of a cluster, and says which notifications keep it up to date in between.
public protocol ClusterDataModelCollector: Sendable {
    /// Builds the whole model anew.
    func execute() async throws -> any Model

    var notificationEndpoints: [any NotificationEndpoint] { get }
}

/// Changes a model as a notification says.
public protocol NotificationEndpoint: Sendable {
    /// Which notifications it wants.
    var filterRule: NotificationFilter { get }

    /// - Parameter model: the collector's own as it is now.
    /// - Returns: the model with the change; the same where there is none to make.
    func info(_ notification: Notification, model: any Model) async throws -> any Model
}
