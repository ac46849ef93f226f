// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Audits
import CloudModels
import ClusterModel
import Daemon
import Foundation
import Logging
import ModelCollectors
import Settings
import Telemetry

/// `hypsometer model show`.
struct ModelShowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints a model: from a file, or built anew by a collector.",
        discussion: """
            Without --model the collectors that the configuration sets up are asked: those of a cloud in \
            [service_credentials], and sections [watcher_cluster_data_model_collectors.NAME].
            """)

    @Argument(help: "The collector or kind of model, where there are several.")
    var name: String?

    @Option(help: ArgumentHelp("A file with a model: our JSON or Watcher's XML.", valueName: "path"))
    var model: String?

    @Option(help: "A table, the JSON that audits read, or Watcher's XML.")
    var format = ModelFormat.table

    @Flag(help: "Go on and tell each change as it happens: a line each, or in JSON the whole model each time.")
    var follow = false

    @OptionGroup var collectors: CollectorOptions
    @OptionGroup var plugins: PluginOptions
    @OptionGroup var configuration: ConfigurationOptions

    func validate() throws {
        if follow, model != nil { throw ValidationError("--follow is for collectors; a file doesn't change") }
        if follow, format == .xml { throw ValidationError("--follow goes with --format table or json") }
    }

    func execute() async throws(Mistakes) -> Int32 {
        if let model {
            return try Mistakes.collecting { () throws(Mistake) in
                Output.put(try format.text(try ModelInput.read(model)))
            }
        }
        let configuration = try configuration.configuration(environment: ProcessInfo.processInfo.environment)
        return try await plugins.run(configuration) { plugins throws(Mistakes) in
            try await show(configuration, plugins)
        }
    }

    private func show(_ configuration: Configuration, _ plugins: OptimizingPlugins) async throws(Mistakes) -> Int32 {
        var catalog = plugins.catalog
        _ = try AuditSettings(
            configuration, &catalog, besides: plugins.settings, sections: plugins.sections)
        let log = Logger(label: "hypsometer-model")
        let registrations = try collectors.registrations(configuration, plugins, log: log)
        guard let name = name ?? registrations.first?.name else {
            throw Mistakes([
                Mistake(
                    .init("command line"), "model show", found: "no collector that has anybody to ask",
                    allowed:
                        "--model FILE, --libvirt-uri URI, a cloud in [service_credentials], or a section "
                        + "[watcher_cluster_data_model_collectors.NAME]")
            ])
        }
        // Nobody else is asked; for a name that there isn't, the manager says which there are.
        let chosen = registrations.filter { $0.name == name || $0.kind == name }
        let feed = try Mistakes.collecting { () throws(Mistake) in
            follow ? try CollectorOptions.feed(configuration, log: log) : nil
        }
        if follow, feed == nil, CloudCollectors.names.contains(chosen.first?.name ?? "") {
            log.notice("no [DEFAULT] transport_url: the model changes with each synchronisation alone")
        }
        do {
            return try await CollectorOptions.withModels(
                of: chosen.isEmpty ? registrations : chosen, scopes: GivenGroups(), feed: feed, log: log
            ) { manager in
                try await show(name, of: manager)
            }
        } catch let mistake as Mistake {
            throw Mistakes([mistake])
        } catch {
            Output.put("hypsometer: \(error)\n", to: STDERR_FILENO)
            return 1
        }
    }

    private func show(_ name: String, of manager: CollectorManager) async throws -> Int32 {
        var shown = try await manager.model(name).model
        let status = Output.put(try format.text(shown))
        guard follow, status == 0 else { return status }
        for await model in try await manager.changes(of: name) {
            let lines = ModelDifference.lines(from: shown, to: model)
            shown = model
            guard !lines.isEmpty else { continue }
            let text =
                format == .json
                ? ModelFormat.json(of: model) + "\n" : lines.map { "\(Timestamp.now)  \($0)\n" }.joined()
            // Whoever read along has gone.
            guard await offPool({ Output.put(text) }) == 0 else { return 1 }
        }
        return 0
    }
}
