// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import Hummingbird
internal import Settings
internal import Web

/// `GET /v1/nodes`.
struct NodeList: Sendable {
    let inventory: Inventory

    private static let cluster = QueryParameter<Int>("cluster", help: "Only those of this cluster.", in: 0...Int.max)
    private static let status = QueryParameter<NodeStatus>("status", help: "Only those in this status.")
    private static let online = QueryParameter<FleetFlag>("online", help: "Only those that are, or are not, online.")
    private static let role = QueryParameter<String>("role", help: "Only those that have this role, or are to get it.")
    private static let label = QueryParameter<String>("label", help: "Only those with this label, as name=value.")
    private static let limit = QueryParameter<Int>(
        "limit", help: "How many nodes an answer has at most (default 1000).", in: 1...10_000)
    private static let marker = QueryParameter<Int>(
        "marker", help: "The next_marker of the answer before, for what follows it.", in: 0...Int.max)

    static let parameters: [OpenAPI.Parameter] = [
        .init(cluster), .init(status), .init(online), .init(role), .init(label), .init(limit), .init(marker),
    ]

    func callAsFunction(_ request: FleetRequest) async throws -> Response {
        let query = try request.query(Self.parameters)
        var conditions = ["id > ?"]
        var arguments: [any DatabaseValueConvertible] = [try query(Self.marker) ?? 0]
        func add(_ condition: String, _ values: any DatabaseValueConvertible...) {
            conditions.append(condition)
            arguments += values
        }
        if let cluster = try query(Self.cluster) {
            // 0 stands for none.
            if cluster == 0 { add("cluster IS NULL") } else { add("cluster = ?", cluster) }
        }
        if let status = try query(Self.status) { add("status = ?", status.rawValue) }
        if let online = try query(Self.online) { add("is_online = ?", online == .true) }
        if let role = try query(Self.role) {
            add(
                "(EXISTS (SELECT 1 FROM json_each(roles) WHERE value = ?) "
                    + "OR EXISTS (SELECT 1 FROM json_each(pending_roles) WHERE value = ?))", role, role)
        }
        for label in try query.all(Self.label) {
            let parts = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw FleetProblem(.invalid, "The parameter label is \(label.quoted); allowed: name=value.")
            }
            add("EXISTS (SELECT 1 FROM json_each(labels) WHERE key = ? AND value = ?)", parts[0], parts[1])
        }
        let limit = try query(Self.limit) ?? 1000
        let sql = "SELECT * FROM node WHERE \(conditions.joined(separator: " AND ")) ORDER BY id LIMIT \(limit + 1)"
        let values = StatementArguments(arguments.map { $0.databaseValue })
        let found = try await inventory.read { database in
            try Row.fetchAll(database, sql: sql, arguments: values).map { try NodeRows.node($0) }
        }
        let page = found.prefix(limit)
        var json: JSONObject = ["nodes": .array(page.map { .object($0.json) })]
        if found.count > limit, let last = page.last?.id { json["next_marker"] = .integer(last) }
        return .json(.object(json))
    }
}
