// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Settings

/// `hypsometer fleet node`.
struct FleetNodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Shows and changes nodes.",
        subcommands: [
            FleetNodeListCommand.self, FleetNodeShowCommand.self, FleetNodeSetCommand.self, FleetNodeResetCommand.self,
            FleetNodeDeleteCommand.self, FleetNodeTokenCommand.self, FleetNodeCallCommand.self,
        ])
}

struct FleetNodeListCommand: FleetAsking {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists nodes.")

    @Option(help: "Only those of this cluster; 0 for those of none.") var cluster: Int?
    @Option(help: "Only those in this status.") var status: String?
    @Option(help: "Only those with this label, as name=value; may be repeated.") var label: [String] = []
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        var query = label.map { ("label", $0) } + [("limit", "10000")]
        if let cluster { query.append(("cluster", "\(cluster)")) }
        if let status { query.append(("status", status)) }
        return FleetCall("GET", "/v1/nodes", query: query) { answer in
            FleetTable.rows(
                answer["nodes"],
                [
                    "ID": "id", "NAME": "name", "MAC": "mac", "STATUS": "status", "ONLINE": "online",
                    "CLUSTER": "cluster", "ROLES": "roles", "PENDING ROLES": "pending_roles",
                ])
        }
    }
}

struct FleetNodeShowCommand: FleetAsking {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a node.")

    @Argument(help: "The node's id.") var id: Int
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall("GET", "/v1/nodes/\(id)")
    }
}

struct FleetNodeSetCommand: FleetAsking {
    static let configuration = CommandConfiguration(commandName: "set", abstract: "Changes a node.")

    @Argument(help: "The node's id.") var id: Int
    @Option(help: "Its name.") var name: String?
    @Option(help: "Its status.") var status: String?
    @Option(help: "The cluster to put it in; 0 takes it out.") var cluster: Int?
    @Option(help: ArgumentHelp("Its roles, with commas between them.", valueName: "names")) var roles: String?
    @Option(
        help: ArgumentHelp(
            "Extensions that are asked for calls before its cluster's, with commas between them.", valueName: "names"))
    var extensions: String?
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        var body: JSONObject = [:]
        body["name"] = name.map { .string($0) }
        body["status"] = status.map { .string($0) }
        body["cluster"] = cluster.map { $0 == 0 ? .null : .integer($0) }
        for (key, names) in [("roles", roles), ("extensions", extensions)] {
            body[key] = names.map { .array($0.split(separator: ",").map { .string(String($0)) }) }
        }
        return FleetCall("PUT", "/v1/nodes/\(id)", body: .object(body))
    }
}

struct FleetNodeResetCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Puts a node back to discover; its roles are pending again.")

    @Argument(help: "The node's id.") var id: Int
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall("POST", "/v1/nodes/\(id)/reset")
    }
}

struct FleetNodeDeleteCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes nodes, all of them or none.")

    @Argument(help: "The nodes' ids.") var ids: [Int]
    @Flag(help: "Don't ask extensions; the audit log tells.") var force = false
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall(
            "DELETE", "/v1/nodes",
            query: [("ids", ids.map { "\($0)" }.joined(separator: ",")), ("force", "\(force)")]
        ) { _ in nil }
    }
}

struct FleetNodeTokenCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Gives a node a new token and prints it; the old one is worth nothing any more."
    )

    @Argument(help: "The node's id.") var id: Int
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall("POST", "/v1/nodes/\(id)/token") { [[FleetTable.cell($0["token"])]] }
    }
}

struct FleetNodeCallCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "call", abstract: "Makes a call that an extension of the node, or of its cluster, provides.")

    @Argument(help: "The node's id.") var id: Int
    @Argument(help: "The call's name.") var name: String
    @Argument(help: "What it gets, each a text.") var arguments: [String] = []
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall(
            "POST", "/v1/nodes/\(id)/calls/\(name)", body: ["arguments": .array(arguments.map { .string($0) })])
    }
}
