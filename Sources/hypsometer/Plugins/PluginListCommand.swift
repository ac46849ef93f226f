// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Daemon
import Foundation
import PluginHost
import Settings

/// `hypsometer plugin list`.
struct PluginListCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Shows each installed plug-in, and how it is in every service that runs it.",
        discussion: """
            Services note it in [DEFAULT] state_dir. Without --config-file and --config-dir it reads \
            /etc/hypsometer/hypsometer.conf and /etc/hypsometer/hypsometer.conf.d/*.conf, if they are there.
            """)

    @Option(help: ArgumentHelp("A directory with plug-ins; may be repeated.", valueName: "path"))
    var pluginDir: [String] = []

    @Option(help: ArgumentHelp("A configuration file; may be repeated, later ones win.", valueName: "path"))
    var configFile: [String] = []

    @Option(help: ArgumentHelp("A directory whose *.conf files are read after those.", valueName: "path"))
    var configDir: [String] = []

    func validate() throws {
        if configFile.contains("") { throw ValidationError("--config-file takes a path, found an empty one") }
        if configDir.contains("") { throw ValidationError("--config-dir takes a path, found an empty one") }
        if pluginDir.contains("") { throw ValidationError("--plugin-dir takes a path, found an empty one") }
    }

    func execute() async throws(Mistakes) -> Int32 {
        let configuration = Configuration(
            documents: try ConfigurationFiles(files: configFile, directories: configDir).documents(),
            environment: ProcessInfo.processInfo.environment)
        let settings = try PluginSettings(configuration)
        var rows = try states(in: settings.stateDirectory)
        let files = try PluginFiles(in: settings.directories + pluginDir)
        // What no service has looked at yet.
        for manifest in files.manifests where !rows.contains(where: { $0[0] == manifest.name }) {
            let entries = manifest.entries.map { "\($0.namespace) \($0.name)" }.joined(separator: ", ")
            rows.append([manifest.name, manifest.version, "-", "installed", entries, ""])
        }
        for mistake in files.mistakes.inOrder { Output.put("hypsometer: \(mistake)\n", to: STDERR_FILENO) }
        rows.sort { ($0[0], $0[2]) < ($1[0], $1[2]) }
        return Output.put(
            Self.columns([["NAME", "VERSION", "SERVICE", "STATE", "ENTRY POINTS", "REASON"]] + rows))
    }

    private func states(in directory: String) throws(Mistakes) -> [[String]] {
        guard TextFile.exists(directory) else { return [] }
        do throws(Mistake) {
            var rows: [[String]] = []
            for path in try TextFile.list(directory, ending: ".json") where path.contains("/plugins-") {
                let text = try TextFile.read(path)
                guard let file = try? StateFile(json: Array(text.utf8)) else {
                    throw Mistake(.init(path), "", found: "no list of plug-ins", allowed: "what a service noted there")
                }
                rows += file.plugins.map { plugin in
                    [
                        plugin.name, plugin.version, file.service, file.isCurrent ? plugin.state : "not running",
                        plugin.entryPoints.joined(separator: ", "), plugin.reason.shortened(to: 200),
                    ]
                }
            }
            return rows
        } catch {
            throw Mistakes([error])
        }
    }

    private static func columns(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
            let line = cells.joined(separator: "  ")
            return line.trimmingCharacters(in: .whitespaces) + "\n"
        }.joined()
    }
}
