// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import PluginHost

/// Deployment or provisioning data on its way through the steps that make it.
struct DeploymentData: Sendable {
    /// One of those who had a hand in it, and what it changed.
    struct Step: Sendable, Hashable {
        /// For people: `the cluster's attribute agent`, `extension racks, pipeline Intervals`.
        var author: String
        /// nil where it was the service itself, or an operator.
        var extensionName: String?
        var patch: JSONPatch
    }

    static let operatorsData = "the node's data as an operator replaced it"

    let kind: DeploymentDataKind
    private(set) var json: JSONObject
    private(set) var steps: [Step] = []
    /// By id, of nodes whose data an operator replaced: no pipeline sees it.
    private let replaced: [Int: JSONObject]

    /// - Parameter replaced: what operators put in the place of nodes' data.
    init(_ kind: DeploymentDataKind, _ serializer: DataSerializer, replaced: [Int: JSONObject]) throws {
        self.kind = kind
        self.replaced = replaced
        let stages = try serializer.stages(of: kind)
        json = stages[0].data
        for stage in stages.dropFirst() { note(stage.data, from: stage.author) }
        guard !replaced.isEmpty, let nodes = json["nodes"]?.object else { return }
        json["nodes"] = .object(nodes.filter { id, _ in Int(id).flatMap { replaced[$0] } == nil })
    }

    private mutating func note(_ changed: JSONObject, from author: String, of extensionName: String? = nil) {
        steps.append(Step(author: author, extensionName: extensionName, patch: JSONPatch(from: json, to: changed)))
        json = changed
    }

    /// What a pipeline made of it.
    ///
    /// - Throws: ``FleetProblem`` where that is no such data any more.
    mutating func take(_ changed: JSONObject, from pipeline: String, of extensionName: String) throws {
        func wrong(_ what: String) -> FleetProblem {
            FleetProblem(
                .refused, "The pipeline \(pipeline) of the extension \(extensionName) \(what).",
                extensionName: extensionName, event: "process_\(kind.rawValue)")
        }
        guard changed["common"]?.object != nil else {
            throw wrong("left no object common; allowed: data with common and nodes, changed in place")
        }
        guard let nodes = changed["nodes"]?.object, let before = json["nodes"]?.object else {
            throw wrong("left no object nodes; allowed: data with common and nodes, changed in place")
        }
        for entry in before.entries where nodes[entry.key] == nil { throw wrong("took node \(entry.key) away") }
        for entry in nodes.entries {
            guard let was = before[entry.key] else {
                throw wrong("added a node \(entry.key.prefix(40)), which is not there")
            }
            guard let now = entry.value.object else {
                throw wrong("made the data of node \(entry.key) \(entry.value.json.prefix(40)), which is no object")
            }
            for key in DataSerializer.identity where now[key] != was[key] {
                throw wrong("changed /nodes/\(entry.key)/\(key), which says who the node is")
            }
        }
        note(changed, from: "extension \(extensionName), pipeline \(pipeline)", of: extensionName)
    }

    /// Puts what operators replaced back as it was.
    mutating func restore() {
        guard !replaced.isEmpty else { return }
        var changed = json
        var nodes = changed["nodes"]?.object ?? [:]
        for (id, data) in replaced.sorted(by: { $0.key < $1.key }) { nodes["\(id)"] = .object(data) }
        changed["nodes"] = .object(nodes)
        note(changed, from: Self.operatorsData)
    }

    /// What a node is configured by: its own data over what is common to all.
    func configuration(of node: String) -> JSONObject {
        let own = (json["nodes"]?[node]?.object ?? [:]).filter { key, _ in !DataSerializer.identity.contains(key) }
        return (json["common"]?.object ?? [:]).merged(with: own)
    }

    /// Whoever set a place of a node's configuration last; nil where nobody did.
    func author(of place: JSONPointer, node: String) -> Step? {
        let own = JSONPointer(["nodes", node]) + place
        let common = JSONPointer(["common"]) + place
        return steps.last { step in
            step.patch.operations.contains { operation in
                let path = JSONPointer(operation.path)
                return own.begins(with: path) || path.begins(with: own) || common.begins(with: path)
                    || path.begins(with: common)
            }
        }
    }
}
