// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Daemon
internal import FleetExtensions
internal import GRDB
internal import GuardedSQLite
internal import HypsometerKit
internal import JSONText
internal import PluginHost

/// What extensions may call of the service.
struct ExtensionCalls: Sendable {
    let host: ExtensionHost
    let operations: FleetOperations

    private enum Method: String, CaseIterable {
        case nodes = "fleet.nodes"
        case node = "fleet.node"
        case clusters = "fleet.clusters"
        case cluster = "fleet.cluster"
        case setLabels = "fleet.set_labels"
        case setAttributes = "fleet.set_attributes"
        case call = "fleet.call"
        case read = "database.read"
        case write = "database.write"
    }

    var calls: HostCalls {
        HostCalls(methods: Method.allCases.map(\.rawValue)) { method, parameters in
            guard let method = Method(rawValue: method) else { throw HostRefusal("no such method") }
            do {
                return WireValue(try await answer(method, parameters))
            } catch let problem as FleetProblem {
                throw HostRefusal(problem.description)
            }
        }
    }

    private func answer(_ method: Method, _ parameters: WireValue) async throws -> JSONValue {
        let entry = try host.find(try parameters.text("extension"))
        try entry.requireRunning()
        switch method {
        case .nodes:
            let cluster = parameters["cluster"] == nil ? nil : try parameters.integer("cluster")
            let nodes = try await operations.inventory.read { try NodeRows.all($0, cluster: cluster) }
            return ["nodes": .array(nodes.map { .object($0.json) })]
        case .node:
            let id = try parameters.integer("id")
            let node = try await found { try NodeRows.find(id, $0) }
            return ["node": node.map { .object($0.json) } ?? .null]
        case .clusters:
            let clusters = try await operations.inventory.read { try ClusterRows.all($0) }
            return ["clusters": .array(clusters.map { .object($0.json) })]
        case .cluster:
            let id = try parameters.integer("id")
            let cluster = try await found { try ClusterRows.find(id, $0) }
            return ["cluster": cluster.map { .object($0.json) } ?? .null]
        case .call:
            let answer = try await host.call(
                try parameters.text("call"), ofNode: try parameters.integer("node"),
                parameters.json("arguments").array ?? [], origin: entry.name)
            return ["value": answer.value]
        case .setLabels: return try await setLabels(parameters, entry)
        case .setAttributes: return try await setAttributes(parameters, entry)
        case .read, .write: return try await query(method, parameters, entry)
        }
    }

    private func found<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value? {
        do {
            return try await operations.inventory.read(body)
        } catch let problem as FleetProblem where problem.kind == .notFound {
            return nil
        }
    }

    private func setLabels(_ parameters: WireValue, _ entry: LoadedExtension) async throws -> JSONValue {
        let labels = try parameters.jsonObject("labels")
        let node = try await operations.update(
            node: try parameters.integer("id"), as: .fleetExtension(entry.name), .init(origin: entry.name),
            action: "node.labels"
        ) { node, _ in
            for label in labels.entries {
                guard label.value == .null || label.value.string != nil else {
                    throw FleetProblem(.invalid, "The label \(label.key) is no text.")
                }
                node.labels[label.key] = label.value.string
            }
        }
        return ["node": .object(node.json)]
    }

    private func setAttributes(_ parameters: WireValue, _ entry: LoadedExtension) async throws -> JSONValue {
        let attributes = try parameters.jsonObject("attributes")
        let cluster = try await operations.update(
            cluster: try parameters.integer("id"), as: .fleetExtension(entry.name), .init(origin: entry.name),
            action: "cluster.attributes"
        ) { cluster in
            for attribute in attributes.entries {
                cluster.attributes[attribute.key] = attribute.value == .null ? nil : attribute.value
            }
        }
        return ["cluster": .object(cluster.json)]
    }

    private func query(_ method: Method, _ parameters: WireValue, _ entry: LoadedExtension) async throws -> JSONValue {
        guard let connection = entry.connection else { throw FleetProblem(.notFound, "there is no database") }
        do {
            return try await query(method, parameters, connection)
        } catch let error as SQLError {
            if error.isRefusal { host.noteRefusedStatement(of: entry, error) }
            throw HostRefusal("the database says: \(error)")
        }
    }

    private func query(
        _ method: Method, _ parameters: WireValue, _ connection: GuardedConnection
    ) async throws -> JSONValue {
        if method == .read {
            let statement = try Self.statement(parameters["statement"] ?? .null)
            let result = await offPool { Result { try connection.read(statement) } }
            return ["rows": .array(try result.get().map(Self.row))]
        }
        let statements = try parameters.list("statements") { item throws(WireError) in try Self.statement(item) }
        let result = await offPool { Result { try connection.write(statements) } }
        return ["changes": .array(try result.get().map { .integer($0) })]
    }

    private static func statement(_ value: WireValue) throws(WireError) -> SQLStatement {
        let arguments = try value.list("arguments") { item throws(WireError) -> SQLValue in
            switch item {
            case .null, .binary: return .null
            case .bool(let bool): return .integer(bool ? 1 : 0)
            case .integer(let integer):
                guard let integer = Int64(exactly: integer) else {
                    throw WireError("", found: item.shown, allowed: "64 bits")
                }
                return .integer(integer)
            case .real(let real): return .real(real)
            case .string(let text): return .text(text)
            case .array, .object: return .text(JSONValue(item).json)
            }
        }
        return SQLStatement(try value.text("sql"), arguments)
    }

    private static func row(_ row: SQLRow) -> JSONValue {
        .object(
            JSONObject(
                zip(row.columns, row.values).map { column, value in
                    switch value {
                    case .null: (column, .null)
                    case .integer(let integer): (column, .integer(Int(integer)))
                    case .real(let real): (column, .real(real))
                    case .text(let text): (column, .string(text))
                    }
                }))
    }
}
