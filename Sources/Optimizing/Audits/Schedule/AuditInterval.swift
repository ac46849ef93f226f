// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// How often a continuous audit runs.
package enum AuditInterval: Sendable, Hashable {
    case seconds(Int)
    case cron(CronSchedule)

    /// What a clock may be set back without a change to what is due.
    package static let tolerance = Duration.seconds(60)

    package static let allowed = "seconds from 1 to 31536000, or \(CronSchedule.allowed)"

    /// nil for what is neither.
    package init?(_ text: String) {
        if let seconds = Int(text) {
            guard (1...31_536_000).contains(seconds) else { return nil }
            self = .seconds(seconds)
        } else if let schedule = CronSchedule(text) {
            self = .cron(schedule)
        } else {
            return nil
        }
    }

    /// The first run of an audit that may begin at `instant`: at once, unless cron says when.
    package func first(from instant: Timestamp) -> Timestamp? {
        switch self {
        case .seconds: instant
        case .cron(let schedule): schedule.next(after: Timestamp(microseconds: instant.microseconds - 1))
        }
    }

    /// The run after the one that was due at `due`. The beat is kept; runs that were missed are not made up for.
    package func next(after due: Timestamp, now: Timestamp) -> Timestamp? {
        // Due long after now: the clock has been set back since. A little is no reason to run twice.
        let due = due > now + Self.tolerance ? now : due
        switch self {
        case .seconds(let seconds):
            let step = Int64(seconds) * 1_000_000
            let late = max(0, now.microseconds - due.microseconds)
            return Timestamp(microseconds: due.microseconds + (late / step + 1) * step)
        case .cron(let schedule): return schedule.next(after: max(due, now))
        }
    }
}
