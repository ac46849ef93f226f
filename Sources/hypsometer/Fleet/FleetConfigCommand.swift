// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Settings

/// `hypsometer fleet config`.
struct FleetConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Shows what nodes are configured by, and who set it.",
        subcommands: [
            FleetConfigShowCommand.self, FleetConfigExplainCommand.self, FleetConfigSetCommand.self,
            FleetConfigReplaceCommand.self, FleetConfigRestoreCommand.self,
        ])
}

struct FleetConfigShowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints what a node is to run, and what its agent made of it, as JSON.")

    @Argument(help: "The node's id.") var node: Int
    @OptionGroup var service: FleetClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        try await service.run("GET", "/v1/nodes/\(node)/config") { [[$0.json]] }
    }
}

struct FleetConfigExplainCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Tells who set a value of a node's configuration, and what it was before.")

    @Argument(help: "The node's id.") var node: Int
    @Argument(help: "The place, as a JSON pointer: /polling/sources/cpu/interval.") var path: String
    @OptionGroup var service: FleetClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        try await service.run("GET", "/v1/nodes/\(node)/config/explain", query: [("path", path)]) { answer in
            FleetTable.rows(answer["history"], ["SET BY": "by", "HOW": "op", "WHERE": "path", "VALUE": "value"])
                + [
                    [
                        "now", "generation \(FleetTable.cell(answer["generation"]))", "",
                        FleetTable.cell(answer["value"]),
                    ]
                ]
        }
    }
}

struct FleetConfigSetCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets what a cluster's agents are configured by, from a file; the next deployment hands it out.")

    @Argument(help: "The cluster's id.") var cluster: Int
    @Argument(help: "A file with a JSON object: namespaces, pollsters, polling, pipeline.") var file: String
    @Option(help: "Only for nodes of this role, over what holds for all.") var role: String?
    @OptionGroup var service: FleetClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        let object = try JSONFile.object(file)
        let client = service
        // Read, change and write with its version, so that nobody else's change is lost.
        return try await client.change("/v1/clusters/\(cluster)") { known in
            var attributes = known["attributes"]?.object ?? [:]
            if let role {
                var roles = attributes["agent_of_role"]?.object ?? [:]
                roles[role] = .object(object)
                attributes["agent_of_role"] = .object(roles)
            } else {
                attributes["agent"] = .object(object)
            }
            return ["attributes": .object(attributes)]
        }
    }
}

struct FleetConfigReplaceCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "replace",
        abstract: "Puts a file's data in the place of a node's own; no pipeline sees it, until it is restored.")

    enum Kind: String, ExpressibleByArgument, CaseIterable { case deployment, provisioning }

    @Argument(help: "The node's id.") var node: Int
    @Argument(help: "A file with a JSON object.") var file: String
    @Option(help: "Which data.") var kind = Kind.deployment
    @OptionGroup var service: FleetClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        let object = try JSONFile.object(file)
        return try await service.run(
            "PUT", "/v1/nodes/\(node)/overrides/\(kind.rawValue)", body: .object(object)
        ) { _ in nil }
    }
}

struct FleetConfigRestoreCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Lets a node's data be made again at the next deployment.")

    @Argument(help: "The node's id.") var node: Int
    @Option(help: "Which data.") var kind = FleetConfigReplaceCommand.Kind.deployment
    @OptionGroup var service: FleetClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        try await service.run("DELETE", "/v1/nodes/\(node)/overrides/\(kind.rawValue)") { _ in nil }
    }
}

/// A file that a command takes.
enum JSONFile {
    static func object(_ path: String) throws(Mistakes) -> JSONObject {
        let text = try Mistakes.collecting { () throws(Mistake) in try TextFile.read(path) }
        do {
            guard let object = try JSONValue(parsing: text).object else {
                throw Mistakes([Mistake(.init(path), "", found: "no JSON object", allowed: "an object: {…}")])
            }
            return object
        } catch let error as JSONError {
            throw Mistakes([
                Mistake(.init(path, line: error.line), "", found: error.message, allowed: "a JSON object")
            ])
        } catch let error as Mistakes {
            throw error
        } catch {
            throw Mistakes([Mistake(.init(path), "", found: "\(error)", allowed: "a JSON object")])
        }
    }
}
