// SPDX-License-Identifier: Apache-2.0
import Daemon
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// Runs a service under systemd or by hand until a signal ends it: readiness, watchdog, a graceful end.
struct ServiceRun {
    let log: Logger
    let heartbeat = Heartbeat()
    let notifier = SystemdNotifier(environment: ProcessInfo.processInfo.environment)

    /// - Parameter others: what runs beside it, until it ends.
    /// - Returns: the exit status: 1 where the service failed, which the log tells.
    func callAsFunction(_ service: some Service, beside others: [any Service] = []) async -> Int32 {
        let watchdog = WatchdogService(notifier: notifier, heartbeat: heartbeat, log: log)
        var quiet = log
        quiet.logLevel = max(LogSetup.level, .notice)
        var configuration = ServiceGroupConfiguration(
            services: others.map { .init(service: $0, successTerminationBehavior: .ignore) } + [
                .init(service: watchdog, successTerminationBehavior: .ignore),
                .init(
                    service: service, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup),
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        configuration.maximumGracefulShutdownDuration = .seconds(60)
        do {
            try await ServiceGroup(configuration: configuration).run()
            notifier.stopping()
            return 0
        } catch {
            log.critical("stopped by an error", metadata: ["error": "\(error)"])
            return 1
        }
    }
}
