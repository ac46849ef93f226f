// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import PluginHost
internal import Synchronization

/// Deploys clusters: makes of what operators and extensions want a numbered generation that agents fetch.
final class Deployments: Sendable {
    struct Request: Sendable, Hashable {
        /// nil for all of the cluster's.
        var nodes: [Int]?
        /// Nothing is changed.
        var isPreview = false
        /// Data that operators replaced is made anew, too.
        var ignoresReplaced = false
        /// Nodes that are offline get theirs when they come back.
        var takesOffline = false
    }

    /// What would be deployed.
    struct Prepared: Sendable {
        var cluster: FleetCluster
        var nodes: [FleetNode]
        var findings: [ExtensionHost.DeploymentFinding]
        /// nil where findings kept it from being made.
        var deployment: DeploymentData?
        var provisioning: DeploymentData?
        var configurations: [ConfigurationCheck.Configuration] = []
    }

    let operations: FleetOperations
    let host: ExtensionHost
    let bootstrap: BootstrapSource
    let kept: Int
    private let busy = Mutex<Set<Int>>([])

    init(_ operations: FleetOperations, _ host: ExtensionHost, bootstrap: BootstrapSource, kept: Int) {
        self.operations = operations
        self.host = host
        self.bootstrap = bootstrap
        self.kept = kept
    }

    /// - Throws: ``FleetProblem`` where somebody has something against it; the generation before stays.
    func deploy(
        _ id: Int, _ request: Request, as caller: Caller
    ) async throws -> (prepared: Prepared, generation: Generation?) {
        try await alone(id) {
            do {
                let prepared = try await prepare(id, request)
                if request.isPreview { return (prepared, nil) }
                let fatal = prepared.findings.filter(\.isFatal)
                if let first = fatal.first {
                    let words = fatal.prefix(5).map(\.message).joined(separator: " ")
                    let more = fatal.count > 5 ? " (and \(fatal.count - 5) more)" : ""
                    throw FleetProblem(
                        .refused, "The cluster can't be deployed: \(words)\(more)", extensionName: first.extensionName,
                        event: "before_deployment_check")
                }
                return (prepared, try await commit(prepared, as: caller))
            } catch let problem as FleetProblem {
                if !request.isPreview, problem.kind == .refused || problem.kind == .unanswered {
                    try await operations.inventory.write { database in
                        try AuditRows.add(
                            caller, "cluster.deploy", "cluster \(id)", outcome: "refused", detail: problem.description,
                            database)
                    }
                }
                throw problem
            }
        }
    }

    /// One deployment of a cluster at a time.
    private func alone<Value>(_ id: Int, _ body: () async throws -> Value) async throws -> Value {
        guard busy.withLock({ $0.insert(id).inserted }) else {
            throw FleetProblem(.conflict, "Cluster \(id) is being deployed already; wait for that.")
        }
        defer { busy.withLock { _ = $0.remove(id) } }
        return try await body()
    }

    private func prepare(_ id: Int, _ request: Request) async throws -> Prepared {
        let (cluster, all, replaced) = try await operations.inventory.read { database in
            let kinds = request.ignoresReplaced ? [] : DeploymentDataKind.allCases
            return (
                try ClusterRows.find(id, database), try NodeRows.all(database, cluster: id),
                try kinds.reduce(into: [DeploymentDataKind: [Int: JSONObject]]()) {
                    $0[$1] = try NodeConfigRows.overrides($1, cluster: id, database)
                }
            )
        }
        let nodes = try Self.select(request.nodes, from: all, of: id)
        var findings = try await host.checkDeployment(of: cluster, nodes: all)
        for node in nodes where !node.isOnline && !request.takesOffline {
            findings.append(
                .init(
                    message:
                        "Node \(node.id ?? 0), \(node.name), is offline; leave it out, or let offline nodes follow."))
        }
        var prepared = Prepared(cluster: cluster, nodes: nodes, findings: findings)
        let isAble = cluster.extensions.allSatisfy { name in
            host.extensions.first { $0.name == name }?.isRunning == true
        }
        guard isAble, request.isPreview || !findings.contains(where: \.isFatal) else { return prepared }
        let serializer = DataSerializer(cluster: cluster, nodes: nodes, bootstrap: bootstrap)
        let deployment = try await process(.deployment, serializer, replaced[.deployment] ?? [:])
        let provisioning = try await process(.provisioning, serializer, replaced[.provisioning] ?? [:])
        prepared.configurations = try ConfigurationCheck.configurations(of: deployment, nodes: nodes)
        try ConfigurationCheck.check(provisioning: provisioning, nodes: nodes)
        (prepared.deployment, prepared.provisioning) = (deployment, provisioning)
        return prepared
    }

    private static func select(_ ids: [Int]?, from nodes: [FleetNode], of cluster: Int) throws -> [FleetNode] {
        guard let ids else { return nodes }
        let wanted = Set(ids)
        let strangers = wanted.subtracting(nodes.compactMap(\.id)).sorted()
        guard strangers.isEmpty else {
            throw FleetProblem(
                .conflict,
                "Not in cluster \(cluster): node \(strangers.prefix(20).map { "\($0)" }.joined(separator: ", ")).")
        }
        return nodes.filter { $0.id.map(wanted.contains) ?? false }
    }

    private func process(
        _ kind: DeploymentDataKind, _ serializer: DataSerializer, _ replaced: [Int: JSONObject]
    ) async throws -> DeploymentData {
        let chosen = replaced.filter { id, _ in serializer.nodes.contains { $0.id == id } }
        var data = try DeploymentData(kind, serializer, replaced: chosen)
        try await host.process(
            &data, of: serializer.cluster, nodes: serializer.nodes.filter { $0.id.map { chosen[$0] == nil } ?? true })
        data.restore()
        return data
    }
}
