// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Settings

/// `hypsometer fleet deploy`.
struct FleetDeployCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy",
        abstract: "Deploys a cluster: its agents get what its attributes and its extensions' pipelines say.",
        discussion: """
            The cluster's attributes agent and agent_of_role have what agents poll and where samples go. What comes of \
            them is stored as a numbered generation, which agents fetch.
            """)

    @Argument(help: "The cluster's id.") var cluster: Int
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Only these nodes; the others keep what they have.", valueName: "id"))
    var nodes: [Int] = []
    @Flag(help: "Tell what would be deployed, and by whom; change nothing.") var dryRun = false
    @Flag(help: "Nodes that are offline get theirs when they come back.") var allowOffline = false
    @Flag(help: "Make data anew that operators replaced.") var ignoreCustomized = false
    @OptionGroup var service: FleetClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        var body: JSONObject = [
            "dry_run": .bool(dryRun), "allow_offline": .bool(allowOffline),
            "ignore_customized": .bool(ignoreCustomized),
        ]
        if !nodes.isEmpty { body["nodes"] = .array(nodes.map { .integer($0) }) }
        return try await service.run("POST", "/v1/clusters/\(cluster)/deployments", body: .object(body)) { answer in
            dryRun ? preview(answer) : summary(answer)
        }
    }

    private func summary(_ answer: JSONValue) -> [[String]] {
        let warnings = (answer["conflicts"]?.array ?? []).map {
            ["contested", "\(FleetTable.cell($0["path"])) by \(FleetTable.cell($0["extensions"]))"]
        }
        return [
            ["FIELD", "VALUE"], ["generation", FleetTable.cell(answer["generation"])],
            ["nodes", "\(answer["nodes"]?.array?.count ?? 0)"],
        ] + warnings
    }

    private func preview(_ answer: JSONValue) -> [[String]] {
        var rows = [["WHAT", "WHERE", "VALUE"]]
        for finding in answer["findings"]?.array ?? [] {
            rows.append([
                finding["fatal"]?.bool == true ? "against it" : "to know", FleetTable.cell(finding["extension"]),
                FleetTable.cell(finding["message"]),
            ])
        }
        for step in answer["deployment"]?.array ?? [] {
            rows.append(["by", FleetTable.cell(step["by"]), "\(FleetTable.cell(step["operations"])) changes"])
            rows += operations(step["patch"])
        }
        for node in answer["nodes"]?.array ?? [] where node["changes"]?.bool == true {
            rows.append(["node", "\(FleetTable.cell(node["id"])), \(FleetTable.cell(node["name"]))", "would change"])
            rows += operations(node["patch"])
        }
        for conflict in answer["conflicts"]?.array ?? [] {
            rows.append(["contested", FleetTable.cell(conflict["path"]), FleetTable.cell(conflict["extensions"])])
        }
        return rows + [["", "", answer["passed"]?.bool == true ? "It can be deployed." : "It can't be deployed."]]
    }

    private func operations(_ patch: JSONValue?) -> [[String]] {
        (patch?.array ?? []).map {
            ["  \(FleetTable.cell($0["op"]))", FleetTable.cell($0["path"]), FleetTable.cell($0["value"])]
        }
    }
}
