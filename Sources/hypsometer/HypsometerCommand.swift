// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The command line of `hypsometer`: what runs on management nodes.
struct HypsometerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hypsometer", abstract: "Runs the services of the management side, and asks them.",
        discussion: "Exit status: 0 done, 1 failed at run time, 2 wrong usage or configuration.",
        version: Version.text,
        subcommands: [
            CollectorCommand.self, NotificationCommand.self, AuditCommand.self, PlanCommand.self, ModelCommand.self,
            FleetCommand.self,
            PluginCommand.self,
        ])

    /// The command line's subcommand; nil where it names none.
    ///
    /// - Throws: ArgumentParser's errors, and what it says for `--help` and the like.
    static func subcommand() throws -> (any Subcommand)? {
        var command = try parseAsRoot()
        if let subcommand = command as? any Subcommand { return subcommand }
        // What ArgumentParser adds, as --help, says what it has to by throwing.
        if !(command is HypsometerCommand) { try command.run() }
        return nil
    }
}
