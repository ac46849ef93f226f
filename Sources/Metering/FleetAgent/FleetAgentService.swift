// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import CoreMetrics
package import Daemon
package import Logging
internal import ServiceLifecycle
package import Settings
internal import Telemetry

/// Lets a fleet service configure this agent: registers, tells that it is there, fetches what it is to run, puts that in
/// force, and says how that went. Whatever fails, the agent goes on with what it has.
package struct FleetAgentService: Service {
    /// Puts a generation in force; what is wrong with it otherwise.
    package typealias Apply = @Sendable (FetchedGeneration) async -> Mistakes?

    let settings: FleetAgentSettings
    let store: FleetAgentStore
    let version: String
    let heartbeat: Heartbeat
    let log: Logger
    let apply: Apply
    private let start: FetchedGeneration?

    /// - Parameters:
    ///   - start: what is in force already, of the last time; nil for nothing.
    package init(
        _ settings: FleetAgentSettings, start: FetchedGeneration?, version: String, heartbeat: Heartbeat, log: Logger,
        apply: @escaping Apply
    ) {
        self.settings = settings
        self.start = start
        self.version = version
        self.heartbeat = heartbeat
        self.log = log
        self.apply = apply
        store = FleetAgentStore(settings)
    }

    package func run() async throws {
        let link = FleetLink(settings)
        if settings.isOpen {
            log.warning("[fleet_agent] url is reached without TLS: the token can be read on the way")
        }
        // A service that doesn't answer keeps nobody from ending.
        await cancelWhenGracefulShutdown { await follow(link) }
        heartbeat.forget("fleet")
    }

    private func follow(_ link: FleetLink) async {
        let faults = FaultLog(log: log)
        var session = FleetSession(service: self, link: link, running: start)
        while !Task.isCancelled {
            heartbeat.expect("fleet", by: .now + settings.interval * 2 + .seconds(180))
            do {
                try await session.turn()
                faults.note("asking the fleet service", nil)
            } catch {
                if Task.isCancelled { break }
                faults.note("asking the fleet service", error)
            }
            Gauge(label: "fleet_generation").record(session.running?.generation ?? 0)
            // Not all of a fleet at once. Cut short at the end.
            try? await Task.sleep(for: settings.interval * .random(in: 0.9...1))
        }
    }
}
