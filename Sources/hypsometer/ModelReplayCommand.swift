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
    var model: String

    @Option(
        help: ArgumentHelp(
            "A file with notifications: JSON, one a line or an array, bare or as oslo.messaging wraps them; may be "
                + "repeated.", valueName: "path"))
    var notifications: [String]

    @Option(help: "What each notification changes, or the model after the last one.")
    var format = Format.changes

    func execute() async throws(Mistakes) -> Int32 {
        let (start, recorded) = try Mistakes.collecting { () throws(Mistake) in try inputs() }
        var model = start
        let endpoints = ReplayEndpoints.all(for: model)
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

    private func inputs() throws(Mistake) -> (any Model, [(String, Notification)]) {
        let model = try ModelInput.read(model)
        var recorded: [(String, Notification)] = []
        for path in notifications {
            let file = try InputFile(reading: path)
            recorded += try file.read { try NotificationFile.read(file.text) }.map { (path, $0) }
        }
        return (model, recorded)
    }
}
