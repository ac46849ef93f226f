// SPDX-License-Identifier: Apache-2.0
internal import Settings
internal import Synchronization
internal import Web

/// What the service goes by now: SIGHUP may put another setup in force while it runs.
final class FleetInForce: Sendable {
    private struct Values {
        var setup: FleetSetup
        var admins: AccessTokens
        var body: BodyIntake
        var address = ""
    }

    private let values: Mutex<Values>
    /// nil for plain HTTP.
    let tls: TLSContexts?

    init(_ setup: FleetSetup, admins: AccessTokens) throws {
        tls = try setup.tls.map { try TLSContexts($0) }
        values = Mutex(Values(setup: setup, admins: admins, body: BodyIntake(limit: setup.largestRequest)))
    }

    var setup: FleetSetup { values.withLock { $0.setup } }
    /// Those of the token file.
    var admins: AccessTokens { values.withLock { $0.admins } }
    var body: BodyIntake { values.withLock { $0.body } }

    /// Where it listens; empty before it does.
    var address: String { values.withLock { $0.address } }
    func note(address: String) { values.withLock { $0.address = address } }

    /// Puts another setup in force, but for what is looked at once at the start.
    ///
    /// - Parameter sections: what extensions were handed at their start.
    /// - Returns: what has changed and waits for the next start, by its name in the configuration.
    func take(_ new: FleetSetup, admins: AccessTokens, sections: [String]) throws -> [String] {
        let old = setup
        var taken = new
        var waiting: [String] = []
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
        if let tls, let configuration = new.tls {
            try tls.use(configuration)
        } else if (tls == nil) != (new.tls == nil) {
            waiting.append("[fleet] tls_certificate")
        }
        values.withLock { [taken] values in
            if values.setup.largestRequest != taken.largestRequest {
                values.body = BodyIntake(limit: taken.largestRequest)
            }
            values.setup = taken
            values.admins = admins
        }
        return waiting
    }
}
