// SPDX-License-Identifier: Apache-2.0
import Agent
import CentralPollsters
import Logging
import OpenStack
import Settings
import Synchronization
import Telemetry

/// The pollsters that files define, kept, with all they remember, as long as files and session stay the same.
final class DynamicAssembly: Sendable {
    private struct Made: Sendable {
        var definitions: [DynamicDefinition]
        var credentials: CloudCredentials?
        var plugins: DynamicPlugins
        var generation: Int
    }

    private let log: Logger
    private let made = Mutex<Made?>(nil)

    init(log: Logger) { self.log = log }

    var settings: [AnySetting] { DynamicSettings.all }

    /// Adds them to those there are, whose meters they can't replace.
    ///
    /// - Parameter session: of the cloud; nil where none is configured.
    /// - Returns: a number that changes when they do.
    func add(
        to plugins: inout Plugins, _ configuration: Configuration, session: CloudSession?, hostName: String
    ) throws(Mistakes) -> Int {
        var (definitions, remarks) = try DynamicPlugins.definitions(
            try DynamicSettings(configuration), namespaces: AgentSettings.namespaces)
        let taken = Set(plugins.pollsters.flatMap { $0.meters.map(\.name) })
        for definition in definitions where taken.contains(definition.name) {
            let place = "\(definition.place.file):\(definition.place.line ?? 0)"
            remarks.append(
                "\(place): \(definition.name.shortened()) is a meter of this program's own; that one is polled")
        }
        definitions.removeAll { taken.contains($0.name) }
        let new = made.withLock { known in
            if let known, known.definitions == definitions, known.credentials == session?.credentials { return known }
            let plugins = DynamicPlugins(definitions, session: session, hostName: hostName, log: log)
            let new = Made(
                definitions: definitions, credentials: session?.credentials, plugins: plugins,
                generation: (known?.generation ?? 0) + 1)
            known = new
            return new
        }
        let names = Set(plugins.discoveries.map(\.name))
        plugins.pollsters += new.plugins.pollsters
        plugins.discoveries += new.plugins.discoveries.filter { !names.contains($0.name) }
        plugins.remarks += remarks
        return new.generation
    }
}
