// SPDX-License-Identifier: Apache-2.0
import CentralPollsters
import CloudAccess
import Logging
import OpenStack
import Settings
import Synchronization

/// The cloud's session and the plug-ins over it, kept as long as their settings stay the same.
final class CentralAssembly: Sendable {
    struct Made: Sendable {
        var settings: CentralSettings
        /// nil where no cloud is configured.
        var session: CloudSession?
        var plugins: CentralPlugins
        /// nil where names aren't asked for.
        var names: IdentityNames?
        var generation: Int
    }

    private let environment: [String: String]
    private let isService: Bool
    private let log: Logger
    private let session = Mutex<CloudSession?>(nil)
    private let made = Mutex<Made?>(nil)

    init(environment: [String: String], isService: Bool, log: Logger) {
        self.environment = environment
        self.isService = isService
        self.log = log
    }

    var settings: [AnySetting] { CentralSettings.all + CloudSettings.all }

    /// The one session of this program, which asks nobody before it is used; nil where no cloud is configured.
    private func session(_ configuration: Configuration) throws(Mistakes) -> CloudSession? {
        do throws(Mistake) {
            let credentials = try CloudAccess.credentials(configuration, environment: environment)
            return session.withLock { known in
                if known?.credentials != credentials { known = credentials.map { CloudSession($0) } }
                return known
            }
        } catch {
            throw Mistakes([error])
        }
    }

    func plugins(_ configuration: Configuration) throws(Mistakes) -> Made {
        let settings = try CentralSettings(configuration)
        let session = try session(configuration)
        return made.withLock { known in
            if let known, known.settings == settings, known.session === session { return known }
            let new = Made(
                settings: settings, session: session,
                plugins: CentralPlugins(settings, session: session, isService: isService, log: log),
                names: settings.namesIdentities ? session.map { IdentityNames(session: $0, log: log) } : nil,
                generation: (known?.generation ?? 0) + 1)
            known = new
            return new
        }
    }
}
