// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Daemon
import Foundation
import Settings

/// What every subcommand takes that runs as a service.
struct ServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A configuration file; may be repeated, later ones win.", valueName: "path"))
    var configFile: [String] = []

    @Option(help: ArgumentHelp("A directory whose *.conf files are read after those.", valueName: "path"))
    var configDir: [String] = []

    @Flag(name: .customLong("validate"), help: "Check all files, tell every mistake, and end.")
    var validateOnly = false

    @Flag(help: "Print every setting with its meaning and its value as a configuration file, and end.")
    var printConfig = false

    @Flag(name: .shortAndLong, help: "Log at the level debug.")
    var debug = false

    func validate() throws {
        if validateOnly, printConfig {
            throw ValidationError("--validate and --print-config exclude each other; give one of them")
        }
        if configFile.contains("") { throw ValidationError("--config-file takes a path, found an empty one") }
        if configDir.contains("") { throw ValidationError("--config-dir takes a path, found an empty one") }
    }

    /// The files, the environment and the command line; the values are not checked yet.
    func configuration() throws(Mistakes) -> Configuration {
        Configuration(
            documents: try ConfigurationFiles(files: configFile, directories: configDir).documents(),
            environment: ProcessInfo.processInfo.environment, overrides: debug ? ["DEFAULT": ["debug": "true"]] : [:])
    }

    /// What `--print-config` is for.
    func print(
        _ configuration: Configuration, _ settings: [AnySetting], foreign: ForeignOptions
    ) throws(Mistakes) -> Int32 {
        let status = Output.put(SampleFile.text(settings, configuration))
        // Printed all the same: who looks for a mistake wants to see what is set where.
        try configuration.mistakes(against: settings, foreign: foreign).throwIfAny()
        return status
    }
}
