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
        if pollingNamespaces.contains("") { throw ValidationError("--polling-namespaces takes names, found an empty one") }
        if pollsterList.contains("") { throw ValidationError("--pollster-list takes patterns, found an empty one") }
    }

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
