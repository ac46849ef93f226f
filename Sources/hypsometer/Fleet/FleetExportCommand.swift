// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Daemon
import Fleet
import Glibc
import Settings

extension FleetExport.Format: ExpressibleByArgument {}

/// `hypsometer fleet export`.
struct FleetExportCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a deployed cluster as files for Ansible or cloud-init; they hold passwords.",
        discussion: """
            For cloud-init a token of scope bootstrap is made, good for as many registrations as there are nodes.
            """)

    @Argument(help: "The cluster's id.") var cluster: Int
    @Argument(help: "A directory: one that isn't there, is empty, or was exported before.") var directory: String
    @Option(help: "For which tool.") var format = FleetExport.Format.ansible
    @Option(help: "For how many seconds the token of cloud-init is good.") var expiresIn = 604_800
    @OptionGroup var service: FleetClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        let (kind, wanted, seconds) = (format, directory, expiresIn)
        return try await service.withClient { client in
            let answer = try await client.send("GET", "/v1/clusters/\(cluster)/export")
            var token = ""
            if kind == .cloudInit {
                let made = try await client.send(
                    "POST", "/v1/tokens",
                    body: [
                        "scope": "bootstrap", "uses": .integer(max(1, answer["nodes"]?.array?.count ?? 0)),
                        "expires_in": .integer(seconds), "description": .string("cloud-init of cluster \(cluster)"),
                    ])
                token = made["token"]?.string ?? ""
            }
            let export = try FleetExport(answer, kind, token: token)
            try await offPool { () throws(Mistake) in try export.write(to: wanted) }
        }
    }
}
