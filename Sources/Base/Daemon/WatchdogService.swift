// SPDX-License-Identifier: Apache-2.0
package import Logging
internal import ServiceLifecycle

/// Signs of life for systemd's watchdog, as long as nobody is overdue. Does nothing where systemd wants none.
package struct WatchdogService: Service {
    private let notifier: SystemdNotifier
    private let heartbeat: Heartbeat
    private let log: Logger

    package init(notifier: SystemdNotifier, heartbeat: Heartbeat, log: Logger) {
        self.notifier = notifier
        self.heartbeat = heartbeat
        self.log = log
    }

    package func run() async throws {
        guard let microseconds = notifier.watchdogMicroseconds else { return try await gracefulShutdown() }
        // Twice in the time allowed, as systemd advises.
        let pause = Duration.microseconds(Int64(clamping: microseconds / 2))
        await cancelWhenGracefulShutdown {
            var saidOverdue = false
            while !Task.isCancelled {
                let overdue = heartbeat.overdue()
                if overdue.isEmpty {
                    notifier.alive()
                } else if !saidOverdue {
                    log.critical(
                        "no sign of life; systemd will restart the service", metadata: ["overdue": "\(overdue)"])
                }
                saidOverdue = !overdue.isEmpty
                try? await Task.sleep(for: pause)  // cancellation is what the loop looks for
            }
        }
    }
}
