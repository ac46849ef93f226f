// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Builds the model of the machines that Ironic looks after. It has no notifications to hear.
public struct IronicCollector: ClusterDataModelCollector {
    private let api: any CloudAPI

    public init(api: any CloudAPI) { self.api = api }

    public func execute() async throws -> any Model {
        try IronicModelBuilder.build(
            nodes: try await api.list(
                CloudRequest(.baremetal, "nodes/detail", ["limit": "1000"]), "nodes", id: "uuid"))
    }

    public var notificationEndpoints: [any NotificationEndpoint] { [] }
}
