// SPDX-License-Identifier: Apache-2.0
import HypsometerKit

/// An extension that uses all that the kit has: it keeps what it is told in a table of its own, and lets nobody name a
/// node `forbidden`.
struct RecorderExtension: Loadable, FleetExtension {
    static let name = "recorder"
    static let version = "2.1.0"
    static let description = "Keeps what it is told"
    static let provides = ["recorder.events"]
    static let checks: Set<FleetEvent.Kind> = [.nodeUpdate]
    private static let told = tablePrefix + "told"

    static let migrations = [
        ExtensionMigration(
            "001", up: ["CREATE TABLE \(told) (id TEXT PRIMARY KEY, kind TEXT NOT NULL)"], down: ["DROP TABLE \(told)"]),
        ExtensionMigration("002", up: ["ALTER TABLE \(told) ADD COLUMN number INTEGER"]),
    ]

    /// Notes whose data it saw, beside the data.
    struct Stamp: DataPipeline {
        func processDeployment(
            _ data: JSONObject, cluster: FleetCluster, nodes: [FleetNode]
        ) async throws -> JSONObject {
            if cluster.attributes["stamp"] == false { throw FleetRefusal("\(cluster.name) wants no stamp") }
            var data = data
            data["stamp"] = .string("\(cluster.name): \(nodes.map(\.name).joined(separator: ", "))")
            return data
        }
    }
    static let dataPipelines: [any DataPipeline.Type] = [Stamp.self]

    private let database: ExtensionDatabase
    private let fleet: FleetObjects

    init(context: PluginContext) {
        database = context.database
        fleet = context.fleet
    }

    var routes: [ExtensionRoute] {
        [
            ExtensionRoute("GET", #"/recorder/events/?$"#, "What it was told", access: .read) { _ in
                let rows = try await database.read("SELECT kind FROM \(Self.told) ORDER BY number")
                return .json(.array(rows.compactMap { $0["kind"] }))
            },
            ExtensionRoute("POST", "/recorder/nodes/{id:int}/mark", "Labels a node") { request in
                let node = try await fleet.setLabels(
                    ["mark": try request.json()["mark"]?.string], ofNode: Int(request.parameters["id"] ?? "") ?? 0)
                let others = try await fleet.nodes().count - 1
                return .json(["labels": .object(node.json["labels"]?.object ?? [:]), "others": .integer(others)])
            },
        ]
    }

    func check(_ proposed: FleetEvent) async throws {
        if proposed.nodeAfter?.name == "forbidden" { throw FleetRefusal("that name is forbidden") }
    }

    func onBeforeDeploymentCheck(_ cluster: FleetCluster, nodes: [FleetNode]) async throws {
        if nodes.isEmpty { throw FleetRefusal("cluster \(cluster.name) has no nodes") }
    }

    func onNodeCreate(_ event: FleetEvent) async throws { try await record(event) }
    func onNodeUpdate(_ event: FleetEvent) async throws { try await record(event) }
    func onClusterCreate(_ event: FleetEvent) async throws { try await record(event) }

    private func record(_ event: FleetEvent) async throws {
        try await database.write(
            "INSERT OR IGNORE INTO \(Self.told) (id, kind, number) VALUES (?, ?, ?)",
            [.string(event.id), .string(event.kind.rawValue), .integer(event.number)])
    }
}
