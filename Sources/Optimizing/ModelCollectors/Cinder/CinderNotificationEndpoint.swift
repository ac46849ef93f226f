// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Applies Cinder's notifications to the storage model, with what Cinder says at that time of the pool they name.
public struct CinderNotificationEndpoint: NotificationEndpoint {
    public let filterRule: NotificationFilter
    private let lookUp: @Sendable (Notification) async throws -> CinderRecords

    /// One for each kind of notification.
    ///
    /// - Parameter lookUp: services, pools and types as far as a notification needs them.
    public static func all(
        lookUp: @escaping @Sendable (Notification) async throws -> CinderRecords
    ) -> [CinderNotificationEndpoint] {
        CinderNotifications.filterRules.map { CinderNotificationEndpoint(filterRule: $0, lookUp: lookUp) }
    }

    public func info(_ notification: Notification, model: any Model) async throws -> any Model {
        guard var changed = model as? StorageModelRoot, !changed.isStale else { return model }
        try CinderNotifications().apply(notification, to: &changed, try await lookUp(notification))
        return changed
    }
}
