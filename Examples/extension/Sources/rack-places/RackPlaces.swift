// SPDX-License-Identifier: Apache-2.0
import HypsometerKit

/// Notes which rack each node stands in, in tables of its own, and keeps racks from growing past what they hold.
struct RackPlaces: Loadable, FleetExtension {
    static let name = "rack_places"
    static let version = "1.0.0"
    static let description = "Which rack each node stands in"
    static let checks: Set<FleetEvent.Kind> = [.nodeUpdate]
    static let events: Set<FleetEvent.Kind> = [.nodeCreate, .nodeUpdate, .nodeDelete]

    private static let place = tablePrefix + "place"

    static let migrations = [
        ExtensionMigration(
            "001-place", up: ["CREATE TABLE \(place) (node INTEGER PRIMARY KEY, rack TEXT NOT NULL)"],
            down: ["DROP TABLE \(place)"]),
        ExtensionMigration(
            "002-index", up: ["CREATE INDEX \(place)_rack ON \(place) (rack)"], down: ["DROP INDEX \(place)_rack"]),
    ]

    private let database: ExtensionDatabase
    private let capacity: Int
    private let log: PluginLog

    /// - Throws: where the option `capacity` of `[nailgun.extensions.rack_places]` is no number.
    init(context: PluginContext) throws {
        guard let capacity = Int(context.options["capacity"] ?? "40"), capacity > 0 else {
            throw FleetRefusal("capacity: found \(context.options["capacity"] ?? ""); allowed: nodes in a rack, from 1")
        }
        self.capacity = capacity
        database = context.database
        log = context.log
    }

    var routes: [ExtensionRoute] {
        [
            ExtensionRoute("GET", "/racks", "How many nodes each rack holds", access: .read) { _ in
                let rows = try await database.read(
                    "SELECT rack, count(*) AS nodes FROM \(Self.place) GROUP BY rack ORDER BY rack")
                return .json(["racks": .array(rows.map { .object($0) })])
            },
            ExtensionRoute("GET", "/racks/{rack}", "The nodes of a rack", access: .read) { request in
                let rack = request.parameters["rack"] ?? ""
                let rows = try await database.read(
                    "SELECT node FROM \(Self.place) WHERE rack = ? ORDER BY node", [.string(rack)])
                guard !rows.isEmpty else { return .problem(404, "There is no rack \(rack).") }
                return .json(["nodes": .array(rows.compactMap { $0["node"] })])
            },
        ]
    }

    func check(_ proposed: FleetEvent) async throws {
        guard let rack = proposed.nodeAfter?.labels["rack"], rack != proposed.nodeBefore?.labels["rack"] else { return }
        let rows = try await database.read(
            "SELECT count(*) AS nodes FROM \(Self.place) WHERE rack = ?", [.string(rack)])
        if let nodes = rows.first?["nodes"]?.integer, nodes >= capacity {
            throw FleetRefusal("rack \(rack) is full: it holds \(nodes) nodes")
        }
    }

    func onNodeCreate(_ event: FleetEvent) async throws { try await note(event.nodeAfter) }
    func onNodeUpdate(_ event: FleetEvent) async throws { try await note(event.nodeAfter) }

    func onNodeDelete(_ event: FleetEvent) async throws {
        guard let id = event.node?.id else { return }
        try await database.write("DELETE FROM \(Self.place) WHERE node = ?", [.integer(id)])
        log("node \(id) is gone")
    }

    /// The same however often it is told.
    private func note(_ node: FleetNode?) async throws {
        guard let node, let id = node.id else { return }
        if let rack = node.labels["rack"] {
            try await database.write(
                "INSERT INTO \(Self.place) VALUES (?, ?) ON CONFLICT (node) DO UPDATE SET rack = excluded.rack",
                [.integer(id), .string(rack)])
        } else {
            try await database.write("DELETE FROM \(Self.place) WHERE node = ?", [.integer(id)])
        }
    }
}

@main struct RackPlacesPlugin: PluginMain {
    static let entryPoints: [EntryPoint] = [.fleetExtension(RackPlaces.self)]
}
