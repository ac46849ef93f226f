// SPDX-License-Identifier: Apache-2.0
import Daemon
import Glibc
import Logging
import ServiceLifecycle
import Settings
import Synchronization
import Web

/// Reads a service's configuration again at each SIGHUP: tokens, the certificate and the log's level are taken while it
/// serves; what else has changed is said to wait for the next start.
final class CredentialsReload: Service {
    /// What can be wrong with a configuration.
    typealias Failure = Mistakes

    /// A configuration that was read and checked, and what of it is taken.
    struct Loaded: Sendable {
        var configuration: Configuration
        var credentials: Credentials
        /// nil where files don't say it.
        var logLevel: Logger.Level?
        /// Puts in force what a service has beside them, and returns what of it waits for the next start.
        var takingMore: @Sendable () -> [String] = { [] }
    }

    private let started: Configuration
    private let credentials: CredentialsInForce
    private let notifier: SystemdNotifier
    private let log: Logger
    private let load: @Sendable () throws(Failure) -> Loaded
    private let status = Mutex("")

    /// - Parameters:
    ///   - started: what the service was started with.
    ///   - load: reads the files; blocks.
    init(
        _ credentials: CredentialsInForce, started: Configuration, in run: ServiceRun,
        load: @escaping @Sendable () throws(Failure) -> Loaded
    ) {
        // One that comes before the service listens to it would end the service.
        Glibc.signal(SIGHUP, SIG_IGN)
        self.credentials = credentials
        self.started = started
        notifier = run.notifier
        log = run.log
        self.load = load
    }

    /// Tells systemd that the service is at work, now and after each reload.
    func ready(_ status: String) {
        self.status.withLock { $0 = status }
        notifier.ready(status: status)
    }

    func run() async {
        await HangupReload(notifier: notifier, log: log).run(status: { self.status.withLock { $0 } }) {
            () async throws(Mistakes) in
            let loaded = try await offPool { [load] () throws(Mistakes) in try load() }
            let waiting = try credentials.take(loaded.credentials) + loaded.takingMore() + others(loaded)
            if let level = loaded.logLevel { LogSetup.level = level }
            if !waiting.isEmpty {
                log.notice("takes effect at the next start alone: \(waiting.joined(separator: "; "))")
            }
        }
    }

    /// What has changed and is not taken.
    private func others(_ loaded: Loaded) -> [String] {
        var taken = Set(
            ["token_file", "tls_certificate", "tls_key", "tls_client_ca", "telemetry_secret_file"].map {
                "[\(credentials.section)] \($0)"
            })
        if loaded.logLevel != nil { taken.insert("[DEFAULT] debug") }
        return loaded.configuration.changes(since: started).filter { !taken.contains($0) }
    }
}
