// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
internal import Telemetry

/// When each meter was polled last, for those who watch over the agent.
package final class PollTimes: Sendable {
    private let times = Mutex<[String: Timestamp]>([:])

    package init() {}

    func note(_ meters: Set<String>, at time: Timestamp) {
        times.withLock { times in
            for meter in meters { times[meter] = time }
        }
    }

    /// `meter 2026-11-21T20:25:38.875334`, a line each, without a line feed at the end.
    package var text: String {
        times.withLock { $0.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: "\n") }
    }
}
