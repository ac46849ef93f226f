// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Settings

/// `hypsometer fleet extension db`.
struct FleetExtensionTablesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Shows an extension's tables, takes them further or back, or drops them.",
        subcommands: [
            FleetTablesStatusCommand.self, FleetTablesUpgradeCommand.self, FleetTablesDowngradeCommand.self,
            FleetTablesPurgeCommand.self,
        ])
}

struct FleetTablesStatusCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Lists the steps of its tables, and when they were taken.")

    @Argument(help: "The extension's name.") var name: String
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall("GET", "/v1/extensions/\(name)/database") { answer in
            FleetTable.rows(answer["migrations"], ["MIGRATION": "id", "APPLIED AT": "applied_at"])
        }
    }
}

struct FleetTablesUpgradeCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "upgrade", abstract: "Takes the steps that weren't taken yet.")

    @Argument(help: "The extension's name.") var name: String
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall(
            "POST", "/v1/extensions/\(name)/database", body: ["action": "upgrade"])
    }
}

struct FleetTablesDowngradeCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "downgrade", abstract: "Takes the last steps back; the extension has to be off.")

    @Argument(help: "The extension's name.") var name: String
    @Option(help: "How many.") var steps = 1
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall(
            "POST", "/v1/extensions/\(name)/database", body: ["action": "downgrade", "steps": .integer(steps)])
    }
}

struct FleetTablesPurgeCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Drops all its tables with what is in them; also after it was taken away.")

    @Argument(help: "The extension's name.") var name: String
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall(
            "POST", "/v1/extensions/\(name)/database", body: ["action": "purge"])
    }
}
