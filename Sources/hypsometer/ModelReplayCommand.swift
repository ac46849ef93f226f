// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Audits
import ClusterModel
import Daemon
import Glibc
import ModelCollectors
import Settings

/// `hypsometer model replay`.
struct ModelReplayCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Applies recorded notifications to a model and tells what each changes.",
        discussion: """
            Nobody is asked: an instance on a host that the model doesn't have stays where it was, and a pool or \
            volume type keeps what the model knows of it.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case changes, table, json, xml }

    @Option(help: ArgumentHelp("A file with a model: our JSON or Watcher's XML.", valueName: "path"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "In place of a file, a plug-in's collector: its model, changed by its own endpoints.", valueName: "name"))
    var collector: String?

    @Option(
        help: ArgumentHelp(
            "A file with notifications: JSON, one a line or an array, bare or as oslo.messaging wraps them; may be "
                + "repeated.", valueName: "path"))
    var notifications: [String]

    @Option(help: "What each notification changes, or the model after the last one.")
    var format = Format.changes

    @OptionGroup var plugins: PluginOptions
    @OptionGroup var configuration: ConfigurationOptions

    func validate() throws {
        if (model == nil) == (collector == nil) { throw ValidationError("give one of --model and --collector") }
    }

    func execute() async throws(Mistakes) -> Int32 {
        let recorded = try Mistakes.collecting { () throws(Mistake) in try recordings() }
        if let path = model {
            let model = try Mistakes.collecting { () throws(Mistake) in try ModelInput.read(path) }
            return try await replay(recorded, on: model, ReplayEndpoints.all(for: model))
        }
        let configuration = try configuration.configuration()
        return try await plugins.run(configuration) { plugins throws(Mistakes) in
            var catalog = plugins.catalog
            _ = try AuditSettings(
                configuration, &catalog, besides: plugins.settings,
                sections: plugins.sections)
            let known = try plugins.registrations(configuration)
            guard let chosen = known.first(where: { $0.name == collector }) else {
                throw Mistakes([
                    Mistake(
                        .init("command line"), "--collector", unknown: collector ?? "", among: known.map(\.name))
                ])
            }
            let start: any Model
            do {
                start = try await chosen.collector.execute()
            } catch {
                Output.put("hypsometer: \(error)\n", to: STDERR_FILENO)
                return 1
            }
            return try await replay(
                recorded, on: start, ReplayEndpoints(of: chosen.collector.notificationEndpoints))
        }
    }

    private func replay(
        _ recorded: [(String, Notification)], on start: any Model, _ endpoints: ReplayEndpoints
    ) async throws(Mistakes) -> Int32 {
        var model = start
        var status: Int32 = 0
        for (path, notification) in recorded {
            do {
                let changed = try await endpoints.apply(notification, to: model)
                if format == .changes {
                    for line in ModelDifference.lines(from: model, to: changed) {
                        Output.put("\(notification.eventType ?? "")  \(line)\n")
                    }
                }
                model = changed
            } catch {
                Output.put("hypsometer: \(path): \(notification.eventType ?? ""): \(error)\n", to: STDERR_FILENO)
                status = 1
            }
        }
        guard let form = ModelFormat(rawValue: format.rawValue) else { return status }
        return try Mistakes.collecting { () throws(Mistake) in max(status, Output.put(try form.text(model))) }
    }

    private func recordings() throws(Mistake) -> [(String, Notification)] {
        var recorded: [(String, Notification)] = []
        for path in notifications {
            let file = try InputFile(reading: path)
            recorded += try file.read { try NotificationFile.read(file.text) }.map { (path, $0) }
        }
        return recorded
    }
}
