// SPDX-License-Identifier: Apache-2.0
package import Daemon
internal import Glibc
internal import Logging
package import Settings
internal import Web

/// How a fleet service reads its configuration again at SIGHUP.
package struct FleetReload: Sendable {
    /// What can be wrong with a configuration.
    package typealias Failure = Mistakes

    private let load: @Sendable () throws(Failure) -> FleetSetup
    private let notifier: SystemdNotifier

    /// - Parameter load: reads the files; blocks.
    package init(notifier: SystemdNotifier, _ load: @escaping @Sendable () throws(Failure) -> FleetSetup) {
        // One that comes before the service listens to it would end the service.
        Glibc.signal(SIGHUP, SIG_IGN)
        self.load = load
        self.notifier = notifier
    }

    /// Until the service is told to end.
    func run(_ inForce: FleetInForce, sections: [String], log: Logger) async {
        await HangupReload(notifier: notifier, log: log).run(status: { "Listening on \(inForce.address)" }) {
            () async throws(Mistakes) in
            let (setup, admins) = try await offPool { [load] () throws(Mistakes) in
                let setup = try load()
                return (setup, try AccessTokens.read(setup.tokenFile))
            }
            let waiting = try inForce.take(setup, admins: admins, sections: sections)
            LogSetup.level = setup.logLevel
            for remark in setup.remarks { log.notice("\(remark)") }
            if !waiting.isEmpty {
                log.notice("takes effect at the next start alone: \(waiting.joined(separator: "; "))")
            }
        }
    }
}
