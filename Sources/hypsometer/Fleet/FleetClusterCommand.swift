// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Settings

/// `hypsometer fleet cluster`.
struct FleetClusterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster", abstract: "Shows and changes clusters.",
        subcommands: [
            FleetClusterListCommand.self, FleetClusterCreateCommand.self, FleetClusterDeleteCommand.self,
            FleetClusterAssignCommand.self, FleetClusterCheckCommand.self,
        ])
}

struct FleetClusterListCommand: FleetAsking {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists clusters.")

    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall("GET", "/v1/clusters") { answer in
            FleetTable.rows(
                answer["clusters"], ["ID": "id", "NAME": "name", "STATUS": "status", "EXTENSIONS": "extensions"])
        }
    }
}

struct FleetClusterCreateCommand: FleetAsking {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Makes a cluster.")

    @Argument(help: "Its name.") var name: String
    @Option(help: "An extension to enable on it; may be repeated.") var `extension`: [String] = []
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall(
            "POST", "/v1/clusters",
            body: ["name": .string(name), "extensions": .array(self.extension.map { .string($0) })])
    }
}

struct FleetClusterDeleteCommand: FleetAsking {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Deletes a cluster.")

    enum Remainder: String, ExpressibleByArgument, CaseIterable { case delete, release }

    @Argument(help: "The cluster's id.") var id: Int
    @Option(help: "What becomes of its nodes, where it has any.") var nodes: Remainder?
    @Flag(help: "Don't ask extensions; the audit log tells.") var force = false
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        var query = [("force", "\(force)")]
        if let nodes { query.append(("nodes", nodes.rawValue)) }
        return FleetCall("DELETE", "/v1/clusters/\(id)", query: query) { _ in nil }
    }
}

struct FleetClusterAssignCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "assign", abstract: "Puts nodes into a cluster, with the roles they are to get.")

    @Argument(help: "The cluster's id.") var id: Int
    @Argument(help: "The nodes' ids.") var nodes: [Int]
    @Option(help: "A role; may be repeated.") var role: [String] = []
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall(
            "POST", "/v1/clusters/\(id)/assignment",
            body: ["nodes": .array(nodes.map { .integer($0) }), "roles": .array(role.map { .string($0) })]
        ) { answer in
            FleetTable.rows(answer["nodes"], ["ID": "id", "NAME": "name", "PENDING ROLES": "pending_roles"])
        }
    }
}

struct FleetClusterCheckCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Tells what stands against deploying a cluster, as its extensions have it.")

    @Argument(help: "The cluster's id.") var id: Int
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall("POST", "/v1/clusters/\(id)/check") { answer in
            FleetTable.rows(
                answer["findings"], ["EXTENSION": "extension", "FATAL": "fatal", "MESSAGE": "message"])
                + [["", "", answer["passed"]?.bool == true ? "It can be deployed." : "It can't be deployed."]]
        }
    }
}
