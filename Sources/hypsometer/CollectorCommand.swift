// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CloudAccess
import Collector
import CoreMetrics
import Daemon
import Foundation
import Logging
import Publishers
import Settings
import Web

/// `hypsometer collector`.
struct CollectorCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "collector",
        abstract: "Receives samples, keeps them in a database, and answers with measures over HTTP.",
        discussion: """
            Without --config-file and --config-dir it reads /etc/hypsometer/hypsometer.conf and \
            /etc/hypsometer/hypsometer.conf.d/*.conf, if they are there. It looks at the section [collector].
            """)

    @OptionGroup var options: ServiceOptions

    func execute() async throws(Mistakes) -> Int32 {
        let configuration = try options.configuration()
        if options.printConfig {
            return try options.print(configuration, CollectorSettings.all, foreign: CollectorSettings.foreign)
        }
        let log = Logger(label: "hypsometer-collector")
        let setup = try setup(configuration, log)
        LogSetup.level = setup.logLevel
        if options.validateOnly {
            return Output.put(setup.remarks.map { $0 + "\n" }.joined() + "The configuration is good.\n")
        }
        return try await serve(setup, configuration, log)
    }

    private func setup(_ configuration: Configuration, _ log: Logger) throws(Mistakes) -> CollectorSetup {
        // For gnocchi:// among those that samples go on to.
        let cloud = try Mistakes.collecting { () throws(Mistake) in
            try CloudAccess.credentials(configuration, environment: ProcessInfo.processInfo.environment)
        }
        let publishers = PublisherSettings(host: HostName.current, cloud: cloud, log: log)
        return try CollectorSetup(configuration, publishers: BuiltInPublishers.all(publishers))
    }

    private func serve(
        _ setup: CollectorSetup, _ configuration: Configuration, _ log: Logger
    ) async throws(Mistakes) -> Int32 {
        for remark in setup.remarks { log.notice("\(remark)") }
        let metrics = MetricsMemory()
        MetricsSystem.bootstrap(metrics)
        let run = ServiceRun(log: log)
        let credentials = try CredentialsInForce(setup.credentials, of: "collector")
        let signers = SignersInForce(setup.signers)
        let command = self
        let reload = CredentialsReload(credentials, started: configuration, in: run) { () throws(Mistakes) in
            let configuration = try command.options.configuration()
            let setup = try command.setup(configuration, log)
            return .init(
                configuration: configuration, credentials: setup.credentials, logLevel: setup.logLevel,
                takingMore: { signers.take(setup.signers) })
        }
        let service = CollectorService(
            setup: setup, credentials: credentials, signers: signers, version: Version.text, heartbeat: run.heartbeat,
            metrics: metrics, log: log
        ) { reload.ready("Listening on \($0.http)") }
        return await run(service, beside: [reload])
    }
}
