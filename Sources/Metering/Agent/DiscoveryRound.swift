// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// The discoveries of one cycle: each is asked once, and all who want its resources share the answer.
actor DiscoveryRound {
    private let discoveries: [DiscoveryRegistration]
    private let cycle: PollingCycle
    private let faults: FaultLog
    private var asked: [String: Task<[Resource], any Error>] = [:]

    init(_ discoveries: [DiscoveryRegistration], cycle: PollingCycle, faults: FaultLog) {
        self.discoveries = discoveries
        self.cycle = cycle
        self.faults = faults
    }

    func resources(_ text: String) async throws -> [Resource] {
        let task = asked[text] ?? ask(text)
        asked[text] = task
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func ask(_ text: String) -> Task<[Resource], any Error> {
        let name = DiscoveryName(text)
        // The plan holds only names of discoveries that are there.
        let discovery = discoveries.first { $0.name == name.name }?.discovery
        return Task { [cycle, faults] in
            do {
                let resources = try await discovery?.discover(name.parameter, in: cycle) ?? []
                faults.note("discovery \(text)", nil)
                return resources
            } catch {
                faults.note("discovery \(text)", error)
                throw error
            }
        }
    }
}
