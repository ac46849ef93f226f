// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Settings

/// Where settings are read from.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A configuration file; may be repeated, later ones win.", valueName: "path"))
    var configFile: [String] = []

    @Option(help: ArgumentHelp("A directory whose *.conf files are read after those.", valueName: "path"))
    var configDir: [String] = []

    func validate() throws {
        if configFile.contains("") { throw ValidationError("--config-file takes a path, found an empty one") }
        if configDir.contains("") { throw ValidationError("--config-dir takes a path, found an empty one") }
    }

    /// The files, the environment and the command line; the values are not checked yet.
    func configuration(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(Mistakes) -> Configuration {
        Configuration(
            documents: try ConfigurationFiles(files: configFile, directories: configDir).documents(),
            environment: environment)
    }
}
