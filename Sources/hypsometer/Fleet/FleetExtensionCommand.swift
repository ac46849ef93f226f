// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Settings

/// `hypsometer fleet extension`.
struct FleetExtensionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extension", abstract: "Shows and governs extensions.",
        subcommands: [
            FleetExtensionListCommand.self, FleetExtensionShowCommand.self, FleetExtensionEnableCommand.self,
            FleetExtensionDisableCommand.self, FleetExtensionOnCommand.self, FleetExtensionOffCommand.self,
            FleetExtensionReplayCommand.self, FleetExtensionTablesCommand.self,
        ])
}

struct FleetExtensionListCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists extensions and how they are, also those that could not be loaded.")

    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall("GET", "/v1/extension-states") { answer in
            FleetTable.rows(
                answer["extensions"],
                [
                    "NAME": "name", "VERSION": "version", "STATE": "state", "PENDING": "pending_events",
                    "REASON": "reason",
                ])
                + (answer["problems"]?.array ?? []).map { ["-", "-", "left out", "-", FleetTable.cell($0)] }
        }
    }
}

struct FleetExtensionShowCommand: FleetAsking {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows an extension.")

    @Argument(help: "The extension's name.") var name: String
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall("GET", "/v1/extensions/\(name)")
    }
}

struct FleetExtensionEnableCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Enables extensions on a cluster, beside those that are.")

    @Argument(help: "The cluster's id.") var cluster: Int
    @Argument(help: "The extensions' names.") var names: [String]
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall(
            "PUT", "/v1/clusters/\(cluster)/extensions", body: .array(names.map { .string($0) })
        ) { [["ENABLED"]] + ($0.array ?? []).map { [FleetTable.cell($0)] } }
    }
}

struct FleetExtensionDisableCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Disables extensions on a cluster.")

    @Argument(help: "The cluster's id.") var cluster: Int
    @Argument(help: "The extensions' names.") var names: [String]
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall(
            "DELETE", "/v1/clusters/\(cluster)/extensions",
            query: [("extension_names", names.joined(separator: ","))]
        ) { _ in nil }
    }
}

struct FleetExtensionOnCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "on", abstract: "Switches an extension on; it is told of what happened meanwhile.")

    @Argument(help: "The extension's name.") var name: String
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall("PUT", "/v1/extensions/\(name)/state", body: ["state": "on"])
    }
}

struct FleetExtensionOffCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "off", abstract: "Switches an extension off; what happens is kept for it.")

    @Argument(help: "The extension's name.") var name: String
    @Option(help: "Why, for others.") var reason: String?
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        var body: JSONObject = ["state": "off"]
        body["reason"] = reason.map { .string($0) }
        return FleetCall("PUT", "/v1/extensions/\(name)/state", body: .object(body))
    }
}

struct FleetExtensionReplayCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Tells an extension anew of everything after an event.")

    @Argument(help: "The extension's name.") var name: String
    @Option(help: "The number of the event; 0 for all that are kept.") var after = 0
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall(
            "POST", "/v1/extensions/\(name)/replay", body: ["after": .integer(after)])
    }
}
