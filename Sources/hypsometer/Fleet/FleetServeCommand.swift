// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoreMetrics
import Daemon
import Fleet
import Logging
import Settings

/// `hypsometer fleet serve`.
struct FleetServeCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves the fleet's nodes, clusters and extensions over HTTP.",
        discussion: """
            Without --config-file and --config-dir it reads /etc/hypsometer/hypsometer.conf and \
            /etc/hypsometer/hypsometer.conf.d/*.conf, if they are there. It looks at the section [fleet], at the \
            plug-ins' settings in [DEFAULT], and hands each extension its section [nailgun.extensions.NAME].
            """)

    @OptionGroup var options: ServiceOptions

    @Option(help: ArgumentHelp("A directory with plug-ins; may be repeated.", valueName: "path"))
    var pluginDir: [String] = []

    func validate() throws {
        if pluginDir.contains("") { throw ValidationError("--plugin-dir takes a path, found an empty one") }
    }

    func execute() async throws(Mistakes) -> Int32 {
        let (options, pluginDir) = (options, pluginDir)
        let load: @Sendable () throws(Mistakes) -> FleetSetup = { () throws(Mistakes) in
            try FleetSetup(try options.configuration(), pluginDirectories: pluginDir)
        }
        if options.printConfig {
            return try options.print(try options.configuration(), FleetSetup.settings, foreign: FleetSettings.foreign)
        }
        let setup = try load()
        LogSetup.level = setup.logLevel
        if options.validateOnly {
            return Output.put(setup.remarks.map { $0 + "\n" }.joined() + "The configuration is good.\n")
        }
        let log = Logger(label: "hypsometer-fleet")
        for remark in setup.remarks { log.notice("\(remark)") }
        let metrics = MetricsMemory()
        MetricsSystem.bootstrap(metrics)
        let run = ServiceRun(log: log)
        let notifier = run.notifier
        return await run(
            FleetService(
                setup: setup, version: Version.text, heartbeat: run.heartbeat, metrics: metrics,
                reload: FleetReload(notifier: notifier, load), log: log
            ) {
                notifier.ready(status: "Listening on \($0)")
            })
    }
}
