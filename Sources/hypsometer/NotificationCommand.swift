// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoreMetrics
import Daemon
import JSONText
import Logging
import Notifications
import Pipelines
import Settings
import Telemetry
import Wire

/// `hypsometer notification`.
struct NotificationCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "notification",
        abstract: "Makes samples and events of what services announce on the message bus.",
        discussion: """
            Without --config-file and --config-dir it reads /etc/hypsometer/hypsometer.conf and \
            /etc/hypsometer/hypsometer.conf.d/*.conf, if they are there. A signal HUP reads all files again; buses, \
            exchanges and topics change with the next start.
            """)

    @OptionGroup var options: ServiceOptions

    @Option(help: ArgumentHelp("A directory with plug-ins; may be repeated.", valueName: "path"))
    var pluginDir: [String] = []

    @Flag(help: "Print what the message on standard input gives as JSON lines, or why it gives nothing, and end.")
    var test = false

    func validate() throws {
        if test, options.validateOnly || options.printConfig {
            throw ValidationError("--test, --validate and --print-config exclude each other; give one of them")
        }
        if pluginDir.contains("") { throw ValidationError("--plugin-dir takes a path, found an empty one") }
    }

    func execute() async throws(Mistakes) -> Int32 {
        let log = Logger(label: "hypsometer-notification")
        let assembly = NotificationAssembly(
            directories: pluginDir, isService: !test && !options.validateOnly && !options.printConfig, log: log)
        do throws(Mistakes) {
            let status = try await execute(assembly, log)
            await offPool { assembly.stop() }
            return status
        } catch {
            await offPool { assembly.stop() }
            throw error
        }
    }

    private func execute(_ assembly: NotificationAssembly, _ log: Logger) async throws(Mistakes) -> Int32 {
        let options = options
        let loader = NotificationSetupLoader(source: assembly, isTest: test) { () throws(Mistakes) in
            try options.configuration()
        }
        if options.printConfig {
            return try options.print(
                try loader.configuration(), loader.settings, foreign: NotificationSettings.foreign)
        }
        let setup = try loader.load()
        LogSetup.level = setup.logLevel
        if options.validateOnly { return try validate(setup) }
        if test { return await tryMessage(setup) }
        return try await serve(setup, loader, log)
    }

    private func validate(_ setup: NotificationSetup) throws(Mistakes) -> Int32 {
        try Mistakes.collecting { () throws(Mistake) in try setup.spool.check() }
        let counts =
            "\(setup.handlers.meters?.count ?? 0) meter definitions, \(setup.handlers.events?.count ?? 0) event "
            + "definitions, \(setup.handlers.plugins.count) plug-ins\n"
        return Output.put(setup.remarks.map { $0 + "\n" }.joined() + counts + "The configuration is good.\n")
    }

    private func tryMessage(_ setup: NotificationSetup) async -> Int32 {
        let body: [UInt8]
        do throws(StandardInput.TooLarge) {
            body = try await offPool { () throws(StandardInput.TooLarge) in
                try StandardInput.read(upTo: ReceivedNotification.limits.bytes)
            }
        } catch {
            return fail("standard input: more than \(error.most >> 20) MiB; allowed: one message")
        }
        do throws(WireError) {
            let notification = try ReceivedNotification(body: body)
            let processor = NotificationProcessor(setup.handlers)
            let outcome = try await processor.process(notification)
            var bytes = JSONLines.of(outcome.samples)
            if let event = outcome.event {
                event.appendJSON(to: &bytes)
                bytes.append(UInt8(ascii: "\n"))
            }
            let status = Output.put(bytes, program: "hypsometer")
            if outcome.samples.isEmpty {
                for line in processor.explanation(of: notification, outcome) {
                    Output.put("hypsometer: no sample: \(line)\n", to: 2)
                }
            }
            for failure in outcome.failures { _ = fail("plug-in \(failure.plugin): \(failure.error)") }
            return outcome.failures.isEmpty ? status : 1
        } catch {
            return fail("standard input: \(error)")
        }
    }

    private func fail(_ text: String) -> Int32 {
        Output.put("hypsometer: \(text)\n", to: 2)
        return 1
    }

    private func serve(
        _ setup: NotificationSetup, _ loader: NotificationSetupLoader, _ log: Logger
    ) async throws(Mistakes) -> Int32 {
        for remark in setup.remarks { log.notice("\(remark)") }
        let metrics = MetricsMemory()
        MetricsSystem.bootstrap(metrics)
        let run = ServiceRun(log: log)
        let service = try await NotificationService(
            setup: setup, loader: loader, heartbeat: run.heartbeat, notifier: run.notifier, log: log)
        let report = SelfReport(metrics, every: { await service.reportInterval }, log: log)
        return await run(service, beside: [report])
    }
}
