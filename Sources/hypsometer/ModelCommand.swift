// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `hypsometer model`.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Shows cluster data models: what audits decide by.",
        subcommands: [ModelShowCommand.self, ModelScopeCommand.self, ModelReplayCommand.self])
}
