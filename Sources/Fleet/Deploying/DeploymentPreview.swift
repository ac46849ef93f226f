// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import PluginHost

/// What a deployment would do, in JSON.
struct DeploymentPreview: Sendable {
    /// So many operations of a patch are shown; how many there are is told.
    static let mostShown = 200

    private let prepared: Deployments.Prepared

    init(_ prepared: Deployments.Prepared) { self.prepared = prepared }

    func json(_ database: Database) throws -> JSONValue {
        let texts = Dictionary(uniqueKeysWithValues: prepared.configurations.map { ($0.node, $0.text) })
        let nodes = try prepared.nodes.map { node -> JSONValue in
            let id = node.id ?? 0
            let live = try NodeConfigRows.live(id, database)
            let before = try live.map { try NodeRows.object($0.text) } ?? [:]
            let after = try texts[id].map { try NodeRows.object($0) } ?? before
            return [
                "id": .integer(id), "name": .string(node.name), "changes": .bool(before != after || live == nil),
                "patch": Self.shown(JSONPatch(from: before, to: after)),
            ]
        }
        return [
            "dry_run": true,
            "passed": .bool(!prepared.findings.contains(where: \.isFatal) && prepared.deployment != nil),
            "findings": .array(
                prepared.findings.map { finding in
                    [
                        "extension": finding.extensionName.map { .string($0) } ?? .null,
                        "message": .string(finding.message), "fatal": .bool(finding.isFatal),
                    ]
                }),
            "deployment": Self.steps(prepared.deployment?.steps ?? []),
            "provisioning": Self.steps(prepared.provisioning?.steps ?? []),
            "nodes": .array(nodes), "conflicts": Self.conflicts(prepared),
        ]
    }

    static func steps(_ steps: [DeploymentData.Step]) -> JSONValue {
        .array(
            steps.map { step in
                [
                    "by": .string(step.author), "extension": step.extensionName.map { .string($0) } ?? .null,
                    "operations": .integer(step.patch.operations.count), "patch": shown(step.patch),
                ]
            })
    }

    private static func shown(_ patch: JSONPatch) -> JSONValue {
        JSONPatch(Array(patch.operations.prefix(mostShown))).json.withoutPasswords
    }

    /// Places that several extensions set: the last one in the cluster's order has its way.
    static func conflicts(_ prepared: Deployments.Prepared) -> JSONValue {
        var setters: [String: [String]] = [:]
        var contested: [String] = []
        for step in prepared.deployment?.steps ?? [] {
            guard let name = step.extensionName else { continue }
            for operation in step.patch.operations where setters[operation.path]?.contains(name) != true {
                setters[operation.path, default: []].append(name)
                if setters[operation.path]?.count == 2 { contested.append(operation.path) }
            }
        }
        return .array(
            contested.prefix(mostShown).map { path in
                ["path": .string(path), "extensions": .array((setters[path] ?? []).map { .string($0) })]
            })
    }
}

/// A generation with all that is known of it, in JSON.
struct GenerationText: Sendable {
    private let generation: Generation

    init(_ generation: Generation) { self.generation = generation }

    func json(_ database: Database) throws -> JSONValue {
        let reports = try NodeConfigRows.reports(cluster: generation.cluster, database)
        let names = try NodeRows.all(database, cluster: generation.cluster).reduce(into: [Int: String]()) {
            $0[$1.id ?? 0] = $1.name
        }
        var json = generation.json
        json["nodes"] = .array(
            try GenerationRows.members(of: generation, database).map { member in
                [
                    "id": .integer(member.node), "name": names[member.node].map { .string($0) } ?? .null,
                    "digest": .string(member.digest), "made_in": .integer(member.origin),
                    "runs_it": .bool(
                        reports[member.node]?.digest == member.digest && reports[member.node]?.outcome == .applied),
                    "report": reports[member.node]?.json ?? .null,
                ]
            })
        for kind in DeploymentDataKind.allCases {
            json[kind.rawValue] = .object(
                [
                    "data": JSONValue.object(try GenerationRows.data(of: generation, kind, database)).withoutPasswords,
                    "steps": DeploymentPreview.steps(try GenerationRows.steps(of: generation, kind, database)),
                ])
        }
        return .object(json)
    }
}
