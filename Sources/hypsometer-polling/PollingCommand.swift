// SPDX-License-Identifier: Apache-2.0
import Agent
import ArgumentParser

/// The command line of `hypsometer-polling`; the names and the lists with spaces are those of `ceilometer-polling`.
struct PollingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hypsometer-polling",
        abstract: "Polls hypervisors and services, and sends what it reads as samples.",
        discussion: """
            Without --config-file and --config-dir it reads /etc/hypsometer/hypsometer.conf and \
            /etc/hypsometer/hypsometer.conf.d/*.conf, if they are there. A signal HUP reads all files again. \
            Exit status: 0 done, 1 failed at run time, 2 wrong usage or configuration.
            """,
        version: Version.text)

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Which pollsters run: compute, central, ipmi (default: compute central).", valueName: "ns"))
    var pollingNamespaces: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Poll only these meters: shell wildcards, in quotation marks.", valueName: "pattern"))
    var pollsterList: [String] = []

    @Option(help: ArgumentHelp("A configuration file; may be repeated, later ones win.", valueName: "path"))
    var configFile: [String] = []

    @Option(help: ArgumentHelp("A directory whose *.conf files are read after those.", valueName: "path"))
    var configDir: [String] = []

    @Option(help: ArgumentHelp("A directory with plug-ins; may be repeated.", valueName: "path"))
    var pluginDir: [String] = []

    @Option(
        help: ArgumentHelp(
            "The fleet service that configures this agent; goes before [fleet_agent] url.", valueName: "url"))
    var fleet: String?

    @Flag(help: "Poll every source once, send what is read, and end.")
    var once = false

    @Flag(help: "Poll every source once, print what is read as JSON lines, send nothing, and end.")
    var test = false

    @Flag(name: .customLong("validate"), help: "Check all files, tell every mistake, and end.")
    var validateOnly = false

    @Flag(help: "List the pollsters and their meters, and end.")
    var listPollsters = false

    @Flag(help: "Print every setting with its meaning and its value as a configuration file, and end.")
    var printConfig = false

    @Flag(name: .shortAndLong, help: "Log every cycle and read.")
    var debug = false

    func validate() throws {
        if [once, test, validateOnly, listPollsters, printConfig].filter({ $0 }).count > 1 {
            throw ValidationError(
                "--once, --test, --validate, --list-pollsters and --print-config exclude each other; give one of them")
        }
        if pollingNamespaces.contains("") {
            throw ValidationError("--polling-namespaces takes names, found an empty one")
        }
        if let list = pollingNamespaces.first(where: { $0.contains(",") }) {
            throw ValidationError("--polling-namespaces takes names with spaces between them, found '\(list)'")
        }
        if pollsterList.contains("") { throw ValidationError("--pollster-list takes patterns, found an empty one") }
        if configFile.contains("") { throw ValidationError("--config-file takes a path, found an empty one") }
        if pluginDir.contains("") { throw ValidationError("--plugin-dir takes a path, found an empty one") }
        if configDir.contains("") { throw ValidationError("--config-dir takes a path, found an empty one") }
    }

    /// As Python's argparse, a value that is joined to its option by `=` is the only one; ArgumentParser would go on
    /// taking values.
    static func checkLists(in arguments: [String]) throws {
        for (argument, next) in zip(arguments, arguments.dropFirst()) where !next.hasPrefix("-") {
            let parts = argument.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, ["--polling-namespaces", "--pollster-list"].contains(parts[0]) else { continue }
            throw ValidationError(
                "\(argument) takes no further value, found '\(next)'; write \(parts[0]) \(parts[1]) \(next)")
        }
    }

    /// Whether it runs until it is told to end.
    var isService: Bool { !(once || test || validateOnly || listPollsters || printConfig) }

    var agentOptions: AgentOptions {
        var options = AgentOptions()
        options.namespaces = pollingNamespaces.isEmpty ? nil : pollingNamespaces
        options.pollsterList = pollsterList
        options.configFiles = configFile
        options.configDirectories = configDir
        options.debug = debug
        return options
    }
}
