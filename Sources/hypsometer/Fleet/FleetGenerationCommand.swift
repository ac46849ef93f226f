// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Settings

/// `hypsometer fleet generation`.
struct FleetGenerationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generation", abstract: "Shows what was deployed, and brings it back.",
        subcommands: [
            FleetGenerationListCommand.self, FleetGenerationShowCommand.self, FleetGenerationRollbackCommand.self,
        ])
}

struct FleetGenerationListCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists a cluster's generations, the newest first.")

    @Argument(help: "The cluster's id.") var cluster: Int
    @OptionGroup var service: FleetClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        try await service.run("GET", "/v1/clusters/\(cluster)/generations", query: [("limit", "1000")]) { answer in
            FleetTable.rows(
                answer["generations"],
                ["GENERATION": "generation", "TIME": "time", "CALLER": "caller", "RESTORES": "restores"])
        }
    }
}

struct FleetGenerationShowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows which nodes run a generation, and what others say; --json has all of it.")

    @Argument(help: "The cluster's id.") var cluster: Int
    @Argument(help: "The generation's number.") var generation: Int
    @OptionGroup var service: FleetClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        try await service.run("GET", "/v1/clusters/\(cluster)/generations/\(generation)") { answer in
            [["NODE", "NAME", "RUNS IT", "REPORTED", "MESSAGE"]]
                + (answer["nodes"]?.array ?? []).map { node in
                    [
                        FleetTable.cell(node["id"]), FleetTable.cell(node["name"]),
                        node["runs_it"]?.bool == true ? "yes" : "no", FleetTable.cell(node["report"]?["outcome"]),
                        FleetTable.cell(node["report"]?["message"]),
                    ]
                }
        }
    }
}

struct FleetGenerationRollbackCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Makes an earlier generation the last one again, under a new number.")

    @Argument(help: "The cluster's id.") var cluster: Int
    @Argument(help: "The generation's number.") var generation: Int
    @OptionGroup var service: FleetClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        try await service.run(
            "POST", "/v1/clusters/\(cluster)/generations/\(generation)/rollback", FleetTable.fields)
    }
}
