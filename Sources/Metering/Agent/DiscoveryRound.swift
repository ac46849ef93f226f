// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Telemetry

/// The discoveries of one cycle: each is asked once, and all who want its resources share the answer.
struct DiscoveryRound: Sendable {
    private let discoveries: [DiscoveryRegistration]
    private let cycle: PollingCycle
    private let faults: FaultLog
    /// By the discovery's name and parameter, as written.
    private let answers = SharedReads<String, [Resource]>(capacity: .max)

    init(_ discoveries: [DiscoveryRegistration], cycle: PollingCycle, faults: FaultLog) {
        self.discoveries = discoveries
        self.cycle = cycle
        self.faults = faults
    }

    func resources(_ text: String) async throws -> [Resource] {
        try await answers.value(for: text) {
            let name = DiscoveryName(text)
            // The plan holds only names of discoveries that are there.
            let discovery = discoveries.first { $0.name == name.name }?.discovery
            do {
                let resources = try await discovery?.discover(name.parameter, in: cycle) ?? []
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
