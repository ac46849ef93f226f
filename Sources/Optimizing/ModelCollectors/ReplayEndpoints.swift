// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// The endpoints that keep a model of this room up to date, with nobody to ask for what a notification leaves out.
public struct ReplayEndpoints: Sendable {
    private let endpoints: [any NotificationEndpoint]

    /// Those of a collector.
    public init(of endpoints: [any NotificationEndpoint]) { self.endpoints = endpoints }

    /// None for models of other rooms, which stay as they are.
    public static func all(for model: any Model) -> ReplayEndpoints {
        switch model {
        case is ModelRoot: ReplayEndpoints(of: [NovaNotificationEndpoint { _ in nil }])
        case is StorageModelRoot:
            ReplayEndpoints(of: CinderNotificationEndpoint.all { _ in CinderRecords() })
        default: ReplayEndpoints(of: [])
        }
    }

    /// - Returns: the model as the notification leaves it.
    public func apply(_ notification: Notification, to model: any Model) async throws -> any Model {
        var model = model
        for endpoint in endpoints where try endpoint.filterRule.matches(notification) {
            model = try await endpoint.info(notification, model: model)
        }
        return model
    }
}
