// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Telemetry

/// The discoveries of one cycle: each is asked once, and all who want its resources share the answer.
struct DiscoveryRound: Sendable {
    private let discoveries: [DiscoveryRegistration]
    private let cycle: PollingCycle
    private let faults: FaultLog
    /// nil where this agent is alone.
    private let share: WorkShare?
    /// By the discovery's name and parameter, as written.
    private let answers = SharedReads<String, [Resource]>(capacity: .max)

    init(_ discoveries: [DiscoveryRegistration], cycle: PollingCycle, faults: FaultLog, share: WorkShare? = nil) {
        self.share = share
        self.discoveries = discoveries
        self.cycle = cycle
        self.faults = faults
    }

    /// Whether this agent polls what has that name.
    func isOurs(_ name: String) -> Bool { share?.includes(name) ?? true }

    func resources(_ text: String) async throws -> [Resource] {
        try await answers.value(for: text) {
            let name = DiscoveryName(text)
            // The plan holds only names of discoveries that are there.
            let registration = discoveries.first { $0.name == name.name }
            do {
                var resources = try await registration?.discovery.discover(name.parameter, in: cycle) ?? []
                if registration?.isLocal == false { resources.removeAll { !isOurs($0.id) } }
                faults.note("discovery \(text)", nil)
                return resources
            } catch {
                // Cut short by our own end, nothing has failed.
                if !Task.isCancelled { faults.note("discovery \(text)", error) }
                throw error
            }
        }
    }
}
