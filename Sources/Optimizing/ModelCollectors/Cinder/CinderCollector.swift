// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Builds the storage model of what Cinder tells.
public struct CinderCollector: ClusterDataModelCollector, ScopeHandling {
    private let api: any CloudAPI

    public init(api: any CloudAPI) { self.api = api }

    public func execute() async throws -> any Model {
        async let pools = pools()
        async let types = types()
        async let volumes = api.list(
            CloudRequest(.blockStorage, "volumes/detail", ["all_tenants": "true", "limit": "1000"]), "volumes")
        return try await CinderModelBuilder.build(
            services: services(), pools: pools, types: types, volumes: volumes)
    }

    public var notificationEndpoints: [any NotificationEndpoint] {
        CinderNotificationEndpoint.all { notification in
            // The sizes of pools change with every volume; types are named by volumes alone.
            async let pools = pools()
            async let types = notification.eventType == "capacity.pool" ? [] : types()
            return try await CinderRecords(services: services(), pools: pools, types: types)
        }
    }

    private func services() async throws -> [JSONValue] {
        try await api.list(CloudRequest(.blockStorage, "os-services", ["binary": "cinder-volume"]), "services")
    }

    private func pools() async throws -> [JSONValue] {
        try await api.list(CloudRequest(.blockStorage, "scheduler-stats/get_pools", ["detail": "true"]), "pools")
    }

    private func types() async throws -> [JSONValue] {
        try await api.list(
            CloudRequest(.blockStorage, "types", ["is_public": "None", "limit": "1000"]), "volume_types")
    }

    public func narrow(
        _ model: any Model, to scope: JSONValue, heedsMetadata: Bool
    ) async throws -> (model: any Model, warnings: [String]) {
        let services = try AuditScope(scope).namesStorageZones ? try await services() : []
        return try GivenGroups(storageServices: services).narrow(model, to: scope, heedsMetadata: heedsMetadata)
    }
}
