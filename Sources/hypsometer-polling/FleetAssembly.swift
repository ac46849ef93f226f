// SPDX-License-Identifier: Apache-2.0
import Agent
import Daemon
import FleetAgent
import Logging
import Settings

/// Lets a fleet service configure the agent, from the last good generation on this host's disk on.
struct FleetAssembly {
    private let settings: FleetAgentSettings
    private let log: Logger
    private let stored: FetchedGeneration?
    private(set) var start: FetchedGeneration?

    /// - Returns: nil where no service is named.
    init?(_ configuration: Configuration, commandLine: String?, log: Logger) throws(Mistakes) {
        do throws(Mistake) {
            guard let settings = try FleetAgentSettings(configuration, commandLine: commandLine) else { return nil }
            self.settings = settings
        } catch {
            throw Mistakes([error])
        }
        self.log = log
        do throws(Mistake) {
            stored = try FleetAgentStore(settings).generation()
        } catch {
            // The service has another copy.
            log.error("the last generation of the fleet service's can't be read; going on without it: \(error)")
            stored = nil
        }
    }

    /// The setup by the last generation that was good; where it isn't any more, by the files alone.
    mutating func load(_ loader: inout SetupLoader) throws(Mistakes) -> AgentSetup {
        loader.isOfFleet = true
        guard let stored else { return try loader.load() }
        var wanted = loader
        do throws(Mistakes) {
            wanted.deployed = DeployedConfiguration(try stored.configuration(), name: stored.name)
            let setup = try wanted.load()
            loader = wanted
            start = stored
            return setup
        } catch {
            // What is wrong with the files themselves is told by the second try.
            let setup = try loader.load()
            for mistake in error.inOrder {
                log.error("\(stored.name), kept of the last time, can't be used any more: \(mistake)")
            }
            return setup
        }
    }

    /// - Parameter take: puts a generation in force.
    func service(
        _ heartbeat: Heartbeat, _ take: @escaping @Sendable (DeployedConfiguration) async throws(Mistakes) -> Void
    ) -> FleetAgentService {
        if let start { log.notice("runs \(start.name), kept of the last time") }
        return FleetAgentService(settings, start: start, version: Version.text, heartbeat: heartbeat, log: log) {
            generation in
            do throws(Mistakes) {
                try await take(DeployedConfiguration(try generation.configuration(), name: generation.name))
                return nil
            } catch {
                return error
            }
        }
    }
}
