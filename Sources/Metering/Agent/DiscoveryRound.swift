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
    private struct Key: Hashable {
        /// The discovery's name and parameter, as written.
        var text: String
        var isDivided: Bool
    }

    private let answers = SharedReads<Key, [Resource]>(capacity: .max)

    init(_ discoveries: [DiscoveryRegistration], cycle: PollingCycle, faults: FaultLog, share: WorkShare? = nil) {
        self.share = share
        self.discoveries = discoveries
        self.cycle = cycle
        self.faults = faults
    }

    /// Whether this agent polls what has that name.
    func isOurs(_ name: String) -> Bool { share?.includes(name) ?? true }

    /// Whether this agent has that pollster in a group of agents.
    func isOurs(_ pollster: String, in group: String) -> Bool { share?.includesInGroup(pollster, group) ?? true }

    /// - Parameter isDivided: whether agents divide what is found, unless it is on this host.
    func resources(_ text: String, isDivided: Bool) async throws -> [Resource] {
        let name = DiscoveryName(text)
        // The plan holds only names of discoveries that are there.
        let registration = discoveries.first { $0.name == name.name }
        if isDivided, share != nil, registration?.isLocal == false {
            return try await answers.value(for: Key(text: text, isDivided: true)) {
                try await resources(text, isDivided: false).filter { isOurs($0.id) }
            }
        }
        return try await answers.value(for: Key(text: text, isDivided: false)) {
            do {
                let resources = try await registration?.discovery.discover(name.parameter, in: cycle) ?? []
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
