// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `hypsometer fleet`.
struct FleetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet", abstract: "Keeps the fleet's nodes and clusters, and runs what extends it.",
        subcommands: [
            FleetServeCommand.self, FleetNodeCommand.self, FleetClusterCommand.self, FleetExtensionCommand.self,
            FleetDeployCommand.self, FleetGenerationCommand.self, FleetConfigCommand.self,
            FleetExportCommand.self, FleetTokenCommand.self,
            FleetEventsCommand.self, FleetAuditCommand.self,
        ])
}
