// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `hypsometer plugin`.
struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin", abstract: "Shows the plug-ins of this host, begins a new one, tries one.",
        subcommands: [PluginListCommand.self, PluginNewCommand.self, PluginCheckCommand.self])
}
