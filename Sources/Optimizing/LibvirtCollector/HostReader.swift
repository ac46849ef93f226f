// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Libvirt
internal import Synchronization
internal import Telemetry

/// Reads one hypervisor, and hands on its events.
final class HostReader: Sendable {
    /// What was read of a hypervisor.
    struct Reading: Sendable {
        var picture: HostPicture
        /// All domains that are there, those that could not be described too.
        var present: Set<String>
        /// Which could not be described, and why.
        var skipped: [String]
    }

    /// The hypervisor's address without a password: its node's key.
    let name: String
    private let hypervisor: Hypervisor
    private let timeout: Duration
    private let ear = Ear()

    /// Who hears events at the moment; those that nobody hears are of no use to anybody later.
    private final class Ear: Sendable {
        private let hear = Mutex<(@Sendable (DomainEvent) -> Void)?>(nil)

        func set(_ new: (@Sendable (DomainEvent) -> Void)?) { hear.withLock { $0 = new } }
        func callAsFunction(_ event: DomainEvent) { hear.withLock { $0 }?(event) }
    }

    init(uri: String, timeout: Duration) {
        name = HypervisorURI.shown(uri)
        self.timeout = timeout
        hypervisor = Hypervisor(uri: uri) { [ear] in ear($0) }
    }

    func hear(_ handler: (@Sendable (DomainEvent) -> Void)?) { ear.set(handler) }

    /// Whether anybody answers; opens a connection where there is none, and so brings events back.
    func ping() async throws { _ = try await hypervisor.host(until: .now + timeout) }

    /// All domains, or one.
    ///
    /// - Parameter uuid: nil for all.
    func read(domain uuid: String? = nil) async throws -> Reading {
        let deadline = MonotonicTime.now + timeout
        let facts = try await hypervisor.host(until: deadline)
        let domains = try await hypervisor.statistics([.state], only: uuid.map { [$0] }, until: deadline)
        let texts = try await hypervisor.descriptions(ofDomains: domains.map(\.uuid), until: deadline)
        var reading = Reading(
            picture: HostPicture(key: name, facts), present: Set(domains.map(\.uuid)), skipped: [])
        // libvirt's own order may differ from call to call, and ties between instances go by the model's.
        for stats in domains.sorted(by: { $0.uuid < $1.uuid }) {
            do {
                guard let text = texts[stats.uuid] else { continue }
                reading.picture.instances.append(try Instance(stats, xml: try text.get(), on: facts.hostname))
            } catch {
                reading.skipped.append("domain \(stats.name) of \(facts.hostname): \(error)")
            }
        }
        return reading
    }

    func result() async -> Result<Reading, any Error> {
        do { return .success(try await read()) } catch { return .failure(error) }
    }
}
