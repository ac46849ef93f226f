// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
package import Telemetry

/// Who is due to show a sign of life by when. A watchdog that only proved its own timer alive would be worth nothing.
package final class Heartbeat: Sendable {
    private let due = Mutex<[String: MonotonicTime]>([:])

    package init() {}

    /// `who` will be heard of again by then.
    package func expect(_ who: String, by instant: MonotonicTime) { due.withLock { $0[who] = instant } }

    /// `who` has ended.
    package func forget(_ who: String) { due.withLock { $0[who] = nil } }

    /// Those who are overdue.
    package func overdue(at now: MonotonicTime = .now) -> [String] {
        due.withLock { $0.filter { $0.value < now }.keys.sorted() }
    }
}
