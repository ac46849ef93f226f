// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Settings

/// `hypsometer fleet token`.
struct FleetTokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Makes, lists and revokes tokens.",
        subcommands: [FleetTokenCreateCommand.self, FleetTokenListCommand.self, FleetTokenRevokeCommand.self])
}

struct FleetTokenCreateCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Makes a token and prints it; nobody can look it up later.")

    enum Scope: String, ExpressibleByArgument, CaseIterable { case admin, read, bootstrap }

    @Argument(help: "What it is good for.") var scope: Scope
    @Option(help: "For how many seconds.") var expiresIn: Int?
    @Option(help: "For how many registrations.") var uses: Int?
    @Option(help: "What it is for, for the list.") var description: String?
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        var body: JSONObject = ["scope": .string(scope.rawValue)]
        body["expires_in"] = expiresIn.map { .integer($0) }
        body["uses"] = uses.map { .integer($0) }
        body["description"] = description.map { .string($0) }
        return FleetCall("POST", "/v1/tokens", body: .object(body)) { [[FleetTable.cell($0["token"])]] }
    }
}

struct FleetTokenListCommand: FleetAsking {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists tokens, without secrets.")

    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall("GET", "/v1/tokens") { answer in
            FleetTable.rows(
                answer["tokens"],
                [
                    "ID": "id", "SCOPE": "scope", "NODE": "node", "EXPIRES": "expires", "USES LEFT": "uses_left",
                    "DESCRIPTION": "description",
                ])
        }
    }
}

struct FleetTokenRevokeCommand: FleetAsking {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Makes a token worth nothing.")

    @Argument(help: "The token's id.") var id: Int
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall("DELETE", "/v1/tokens/\(id)") { _ in nil }
    }
}
