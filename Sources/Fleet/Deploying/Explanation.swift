// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import GRDB
internal import PluginHost

/// Who set a value of a node's configuration, and what it was before.
struct Explanation: Sendable {
    let node: Int
    let place: JSONPointer

    /// - Throws: ``FleetProblem`` where the node was never deployed, or what made its configuration was forgotten.
    func json(_ database: Database) throws -> JSONValue {
        _ = try NodeRows.find(node, database)
        guard let live = try NodeConfigRows.live(node, database) else {
            throw FleetProblem(.notFound, "Node \(node) was not deployed yet in the cluster that it is in.")
        }
        let last = try GenerationRows.last(cluster: live.cluster, database)
        let source = try GenerationRows.find(live.origin, cluster: live.cluster, database)
        let history = try GenerationRows.steps(of: source, .deployment, database).flatMap { step in
            step.patch.operations.compactMap { entry($0, by: step) }
        }
        let value = place.value(in: try JSONValue(parsing: live.text))
        return [
            "node": .integer(node), "path": .string(place.description), "cluster": .integer(live.cluster),
            "generation": .integer(last?.number ?? live.generation), "made_in": .integer(live.origin),
            "value": value?.withoutPasswords ?? .null, "set_by": history.last?["by"] ?? .null,
            "history": .array(history),
        ]
    }

    private func entry(_ operation: JSONPatch.Operation, by step: DeploymentData.Step) -> JSONValue? {
        let path = JSONPointer(operation.path)
        for prefix in [["nodes", "\(node)"], ["common"]] {
            let target = JSONPointer(prefix) + place
            var value = operation.value
            if target.begins(with: path) {
                let rest = JSONPointer(Array(target.segments.dropFirst(path.segments.count)))
                value = operation.value.flatMap { rest.value(in: $0) }
                // It set something beside.
                if operation.kind != .remove, value == nil { continue }
            } else if !path.begins(with: target) {
                continue
            }
            var json: JSONObject = [
                "by": .string(step.author), "op": .string(operation.kind.rawValue), "path": .string(operation.path),
            ]
            json["extension"] = step.extensionName.map { .string($0) }
            json["value"] = value?.withoutPasswords
            return .object(json)
        }
        return nil
    }
}
