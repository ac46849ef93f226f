// SPDX-License-Identifier: Apache-2.0
public import ModelCollectors

/// A model of a shape of one's own; strategies that know it ask for it by its collector's name.
public struct MyModel: Model, Equatable {
    public var events = 0

    public init() {}

    public var text: String { "MyModel, \(events) events" }
}

/// Builds it, and keeps it up to date by an event of one's own.
public struct DummyClusterDataModelCollector: ClusterDataModelCollector {
    public init() {}

    public func execute() async throws -> any Model { MyModel() }

    public var notificationEndpoints: [any NotificationEndpoint] { [DummyNotification()] }
}

/// Counts events of type `dummy`, whoever sends them.
public struct DummyNotification: NotificationEndpoint {
    public var filterRule: NotificationFilter {
        NotificationFilter(publisherID: .pattern(".*"), eventType: .pattern("^dummy$"))
    }

    public func info(_ notification: Notification, model: any Model) async throws -> any Model {
        guard var model = model as? MyModel else { return model }
        model.events += 1
        return model
    }
}
