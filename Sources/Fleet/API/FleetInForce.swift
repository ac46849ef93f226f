// SPDX-License-Identifier: Apache-2.0
internal import Settings
internal import Synchronization
internal import Web

/// What the service goes by now: SIGHUP may put another setup in force while it runs.
final class FleetInForce: Sendable {
    private struct Values {
        var setup: FleetSetup
        var body: BodyIntake
        var address = ""
    }

    private let values: Mutex<Values>
    /// Administrators' tokens, of the token file, and the certificate.
    let credentials: CredentialsInForce

    init(_ setup: FleetSetup, admins: AccessTokens) throws(Mistakes) {
        credentials = try CredentialsInForce(Credentials(tokens: admins, tls: setup.tls), of: "fleet")
        values = Mutex(Values(setup: setup, body: BodyIntake(limit: setup.largestRequest)))
    }

    var setup: FleetSetup { values.withLock { $0.setup } }
    var body: BodyIntake { values.withLock { $0.body } }

    /// Where it listens; empty before it does.
    var address: String { values.withLock { $0.address } }
    func note(address: String) { values.withLock { $0.address = address } }

    /// Puts another setup in force, but for what is looked at once at the start.
    ///
    /// - Parameter sections: what extensions were handed at their start.
    /// - Returns: what has changed and waits for the next start, by its name in the configuration.
    /// - Throws: where the certificate can't be used; then nothing has changed.
    func take(_ new: FleetSetup, admins: AccessTokens, sections: [String]) throws(Mistakes) -> [String] {
        var waiting = try credentials.take(Credentials(tokens: admins, tls: new.tls))
        let old = setup
        var taken = new
        func keep<Value: Equatable>(_ name: String, _ path: WritableKeyPath<FleetSetup, Value>) {
            guard old[keyPath: path] != new[keyPath: path] else { return }
            waiting.append(name)
            taken[keyPath: path] = old[keyPath: path]
        }
        keep("[fleet] listen", \.listen)
        keep("[fleet] database", \.database)
        keep("[fleet] generations_kept", \.generationsKept)
        if old.advertised != new.advertised {
            waiting.append("[fleet] advertised_url, advertised_ca")
            taken.advertised = old.advertised
        }
        keep("[DEFAULT] plugin_dirs, plugin_timeout, state_dir", \.plugins)
        for section in sections where old.configuration.texts(in: section) != new.configuration.texts(in: section) {
            waiting.append("[\(section)]")
        }
        values.withLock { [taken] values in
            if values.setup.largestRequest != taken.largestRequest {
                values.body = BodyIntake(limit: taken.largestRequest)
            }
            values.setup = taken
        }
        return waiting
    }
}
