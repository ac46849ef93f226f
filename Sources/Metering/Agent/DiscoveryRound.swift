// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// The discoveries of one cycle: each is asked once, and all who want its resources share the answer.
struct DiscoveryRound: Sendable {
    private let discoveries: [DiscoveryRegistration]
    private let cycle: PollingCycle
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
            return try await discovery?.discover(name.parameter, in: cycle) ?? []
        }
    }
}
