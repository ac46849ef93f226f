// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Builds the compute model of what Nova and Placement tell.
public struct NovaCollector: ClusterDataModelCollector, ScopeHandling {
    /// The first with hypervisors by UUID, and below 2.88, which leaves their sizes out.
    private static let hypervisorVersion = "2.53"
    /// The first with the flavor inside each server.
    private static let serverVersion = "2.47"

    private let api: any CloudAPI
    private let isExtended: Bool
    private let onSkip: @Sendable (String) -> Void

    /// - Parameters:
    ///   - isExtended: whether flavor extra specs are taken, too.
    ///   - onSkip: is told of hosts and instances that could not be taken in; the others make the model.
    public init(api: any CloudAPI, isExtended: Bool = false, onSkip: @escaping @Sendable (String) -> Void) {
        self.api = api
        self.isExtended = isExtended
        self.onSkip = onSkip
    }

    public func execute() async throws -> any Model {
        let hypervisors = try await api.list(
            CloudRequest(
                .compute, "os-hypervisors/detail", ["limit": "1000"], microversion: Self.hypervisorVersion),
            "hypervisors"
        ).filter { $0["hypervisor_type"]?.string != "ironic" }
        let inventories = await hypervisors.concurrentMap { await self.inventories(of: $0) }
        let servers = try await api.list(
            CloudRequest(
                .compute, "servers/detail", ["all_tenants": "true", "limit": "1000"], microversion: Self.serverVersion),
            "servers")
        var builder = NovaModelBuilder(isExtended: isExtended)
        for (hypervisor, inventories) in zip(hypervisors, inventories) {
            builder.add(hypervisor: hypervisor, inventories: inventories)
        }
        for server in servers { builder.add(server: server) }
        builder.skipped.forEach(onSkip)
        return builder.model
    }

    public var notificationEndpoints: [any NotificationEndpoint] {
        [NovaNotificationEndpoint(isExtended: isExtended) { await node(ofHost: $0) }]
    }

    /// Nil where Placement doesn't answer: then the hypervisor's own figures count.
    private func inventories(of hypervisor: JSONValue) async -> JSONValue? {
        let uuid = hypervisor["id"]?.string ?? ""
        do {
            return try await api.get(CloudRequest(.placement, "resource_providers/\(uuid)/inventories"))["inventories"]
        } catch {
            let name = hypervisor["hypervisor_hostname"]?.string ?? uuid
            onSkip("what Placement says of \(name): \(error)")
            return nil
        }
    }

    /// The node of a host that a notification names and the model lacks.
    private func node(ofHost host: String) async -> ComputeNode? {
        do {
            let found = try await api.list(
                CloudRequest(
                    .compute, "os-hypervisors/detail", ["hypervisor_hostname_pattern": host],
                    microversion: Self.hypervisorVersion), "hypervisors")
            // The pattern is found anywhere in a name.
            guard let hypervisor = found.first(where: { $0["service"]?["host"]?.string == host }),
                hypervisor["hypervisor_type"]?.string != "ironic"
            else { return nil }
            return try ComputeNode(hypervisor: hypervisor, inventories: await inventories(of: hypervisor))
        } catch {
            onSkip("host \(host), which a notification names: \(error)")
            return nil
        }
    }

    public func narrow(
        _ model: any Model, to scope: JSONValue, heedsMetadata: Bool
    ) async throws -> (model: any Model, warnings: [String]) {
        var groups = HostGroups()
        if try AuditScope(scope).namesHostGroups {
            groups.aggregates = try await api.list(CloudRequest(.compute, "os-aggregates"), "aggregates")
            groups.services = try await api.list(
                CloudRequest(.compute, "os-services", ["binary": "nova-compute"]), "services")
        }
        return try GivenGroups(hosts: groups).narrow(model, to: scope, heedsMetadata: heedsMetadata)
    }
}
