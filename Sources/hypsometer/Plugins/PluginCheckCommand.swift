// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Daemon
import Foundation
import Logging
import PluginHost
import Settings

/// `hypsometer plugin check`.
struct PluginCheckCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Tries whether a plug-in, in whatever language, keeps to the protocol.",
        discussion: """
            Runs the plug-in's program and makes the calls that a host makes. Options are read from the sections of \
            --config-file, as [ceilometer.poll.compute.dummy]. Exit status: 0 all was well, 1 something was not, \
            2 wrong usage or a manifest that can't be read.
            """)

    @Argument(help: ArgumentHelp("The manifest, or the program beside it.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("A configuration file with its options; may be repeated.", valueName: "path"))
    var configFile: [String] = []

    @Option(help: ArgumentHelp("Seconds that a call may take, 1 to 3600.", valueName: "seconds"))
    var timeout = 20

    func validate() throws {
        if file.isEmpty { throw ValidationError("give a manifest or a program, found an empty path") }
        if configFile.contains("") { throw ValidationError("--config-file takes a path, found an empty one") }
        guard (1...3600).contains(timeout) else {
            throw ValidationError("--timeout takes seconds from 1 to 3600, found \(timeout)")
        }
    }

    func execute() async throws(Mistakes) -> Int32 {
        let path = URL(filePath: file.hasSuffix(".entry_points") ? file : file + ".entry_points").path
        let manifest = try PluginManifest(reading: path)
        do throws(Mistake) {
            try PluginFiles.check(manifest, in: URL(filePath: path).deletingLastPathComponent().path)
        } catch {
            throw Mistakes([error])
        }
        var documents: [INIDocument] = []
        if !configFile.isEmpty { documents = try ConfigurationFiles(files: configFile, directories: []).documents() }
        let trial = PluginTrial(
            manifest, Configuration(documents: documents, environment: [:]), hostName: HostName.current,
            timeout: .seconds(timeout), log: Logger(label: "hypsometer"))
        let findings = await trial.run()
        let lines = findings.map { finding in
            finding.problem.map { "FAILED  \(finding.name): \($0.shortened(to: 500))\n" } ?? "ok      \(finding.name)\n"
        }
        let status = Output.put(lines.joined())
        return findings.contains { $0.problem != nil } ? 1 : status
    }
}
