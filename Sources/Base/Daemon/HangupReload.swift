// SPDX-License-Identifier: Apache-2.0
package import Logging
internal import ServiceLifecycle
package import Settings
internal import UnixSignals

/// Reads a service's configuration again at each SIGHUP; systemd is told meanwhile, and the log what came of it.
package struct HangupReload: Sendable {
    /// What can be wrong with a configuration.
    package typealias Failure = Mistakes

    private let notifier: SystemdNotifier
    private let log: Logger

    package init(notifier: SystemdNotifier, log: Logger) {
        self.notifier = notifier
        self.log = log
    }

    /// Until the service is told to end.
    ///
    /// - Parameters:
    ///   - status: what the service is at, for systemd, whatever came of it.
    ///   - reload: reads the configuration and puts it in force, or throws what is wrong and leaves all as it is.
    package func run(
        status: @Sendable () async -> String, _ reload: @Sendable () async throws(Failure) -> Void
    ) async {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            notifier.reloading()
            do throws(Mistakes) {
                try await reload()
                let now = await status()
                log.notice("configuration reloaded", metadata: ["now": "\(now)"])
            } catch {
                for mistake in error.inOrder {
                    log.error("configuration not reloaded, the one before stays in force: \(mistake)")
                }
            }
            notifier.ready(status: await status())
        }
    }
}
