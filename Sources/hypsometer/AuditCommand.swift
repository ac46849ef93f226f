// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `hypsometer audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Proposes what to change in a cluster, for a goal or by a strategy.",
        subcommands: [
            AuditRunCommand.self, AuditListCommand.self, AuditStrategiesCommand.self, AuditScoreCommand.self,
            AuditServeCommand.self, AuditCreateCommand.self, AuditShowCommand.self, AuditUpdateCommand.self,
            AuditTriggerCommand.self, AuditDeleteCommand.self,
        ])
}
