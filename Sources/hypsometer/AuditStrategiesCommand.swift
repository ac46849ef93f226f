// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Audits
import Daemon
import Foundation
import Optimization
import Settings

/// `hypsometer audit strategies`.
struct AuditStrategiesCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "strategies", abstract: "Lists strategies with their goals, or tells what one of them takes.",
        discussion: "Goals that [watcher_goals] names are listed too.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, markdown }

    @Argument(help: "One strategy, to be told its parameters, options, models and metrics.")
    var name: String?

    @Option(help: "For the terminal or for documents; Markdown has all strategies with all that they take.")
    var format = Format.table

    @OptionGroup var plugins: PluginOptions
    @OptionGroup var configuration: ConfigurationOptions

    func execute() async throws(Mistakes) -> Int32 {
        let configuration = try configuration.configuration(environment: ProcessInfo.processInfo.environment)
        return try await plugins.run(configuration) { plugins throws(Mistakes) in try tell(configuration, plugins) }
    }

    private func tell(_ configuration: Configuration, _ plugins: OptimizingPlugins) throws(Mistakes) -> Int32 {
        var catalog = plugins.catalog
        _ = try AuditSettings(
            configuration, &catalog, besides: plugins.settings, sections: plugins.sections)
        guard let name else {
            return Output.put(
                format == .markdown ? StrategyReference.markdown(catalog) : StrategyReference.list(catalog))
        }
        let strategy = try Mistakes.collecting { () throws(Mistake) in
            try catalog.strategy(named: name, at: .init("command line"), "audit strategies")
        }
        let declaration = strategy.declaration
        return Output.put(
            format == .markdown ? StrategyReference.markdown(declaration) : StrategyReference.text(declaration))
    }
}
