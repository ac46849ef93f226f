// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// How often each alarm was found in each state, of what the discovery `alarm` finds.
struct AlarmPollster: Pollster {
    static let meter = Meter("alarm.evaluation_result", .gauge, unit: "evaluation_result_count")

    func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) -> [Sample] {
        resources.flatMap { alarm -> [Sample] in
            guard case .object(let states)? = alarm.metadata["state_counters"] else { return [] }
            return states.entries.compactMap { state in
                guard case .integer(let count) = state.value else { return nil }
                let shown = Resource(
                    id: alarm.id, projectID: alarm.projectID, metadata: ["alarm_state": .string(state.key)])
                return Sample(Self.meter, .integer(count), of: shown, in: cycle)
            }
        }
    }
}
