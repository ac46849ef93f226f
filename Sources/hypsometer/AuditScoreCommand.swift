// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Audits
import Daemon
import Foundation
import Optimization
import Settings

/// `hypsometer audit score`.
struct AuditScoreCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Lists scoring engines, or lets one give a score to what was measured.")

    @Argument(help: "The engine; without one all are listed.")
    var engine: String?

    @Option(help: "What was measured, as the engine takes it: mostly a JSON list of numbers.")
    var features: String?

    @OptionGroup var plugins: PluginOptions
    @OptionGroup var configuration: ConfigurationOptions

    func validate() throws {
        if engine == nil, features != nil { throw ValidationError("--features goes with an engine; give its name") }
    }

    func execute() async throws(Mistakes) -> Int32 {
        let configuration = try configuration.configuration(environment: ProcessInfo.processInfo.environment)
        return try await plugins.run(configuration) { plugins throws(Mistakes) in
            try await score(plugins.catalog)
        }
    }

    private func score(_ catalog: AuditCatalog) async throws(Mistakes) -> Int32 {
        guard let engine else {
            let rows = catalog.scoringEngines.map { [$0.name, $0.summary] }
            return Output.put(TextTable.text([["engine", "is"]] + rows))
        }
        guard let known = catalog.scoringEngines.first(where: { $0.name == engine }) else {
            throw Mistakes([
                Mistake(
                    .init("command line"), "audit score", unknown: engine, among: catalog.scoringEngines.map(\.name))
            ])
        }
        guard let features else {
            return Output.put(
                "\(known.name): \(known.summary)\n" + (known.metainfo.isEmpty ? "" : known.metainfo + "\n"))
        }
        do {
            return Output.put(try await known.score(features: features) + "\n")
        } catch {
            Output.put("hypsometer: \(engine): \(error)\n", to: STDERR_FILENO)
            return 1
        }
    }
}
