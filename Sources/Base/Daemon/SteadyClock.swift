// SPDX-License-Identifier: Apache-2.0
package import Logging
internal import Synchronization
package import Telemetry

/// The wall clock for what can't be undone, such as deleting what is too old.
///
/// A clock that is set, by hand or after a wrong time server, is not believed at once: for a day, what it says and what
/// it would say had nobody touched it both count. A small change, as of time services that pull a clock straight, is
/// followed. At its start a service has nothing but the clock, and believes it.
package final class SteadyClock: Sendable {
    /// What time it may be: one instant, but after the clock was set.
    package struct Reading: Sendable, Hashable {
        /// For what is deleted once it is past its age.
        package var earliest: Timestamp
        /// For what is refused as it lies ahead.
        package var latest: Timestamp

        package init(earliest: Timestamp, latest: Timestamp) {
            self.earliest = earliest
            self.latest = latest
        }
    }

    private struct State {
        /// Wall clock less monotonic clock, in microseconds.
        var believed: Int64
        /// Another one that is seen now, and since when.
        var doubted: (offset: Int64, since: MonotonicTime)?
    }

    /// Microseconds.
    private static let tolerance: Int64 = 60_000_000
    private static let patience = Duration.seconds(86_400)

    private let state: Mutex<State>
    private let log: Logger
    private let consequence: String

    /// - Parameter consequence: what is not done meanwhile, for the log: `nothing is deleted because of its age`.
    package init(log: Logger, consequence: String, wall: Timestamp = .now, monotonic: MonotonicTime = .now) {
        self.log = log
        self.consequence = consequence
        state = Mutex(State(believed: Self.offset(wall, monotonic)))
    }

    private static func offset(_ wall: Timestamp, _ monotonic: MonotonicTime) -> Int64 {
        wall.microseconds - Int64(monotonic.nanoseconds / 1000)
    }

    /// Says once that the clock was set, and once that it is believed again.
    package func reading(wall: Timestamp = .now, monotonic: MonotonicTime = .now) -> Reading {
        let offset = Self.offset(wall, monotonic)
        let (believed, begun, isOver) = state.withLock { state -> (Int64, Bool, Bool) in
            let wasDoubted = state.doubted != nil
            var isOld = false
            if let doubted = state.doubted, abs(offset - doubted.offset) <= Self.tolerance {
                isOld = doubted.since + Self.patience <= monotonic
            } else if abs(offset - state.believed) > Self.tolerance {
                state.doubted = (offset, monotonic)
            }
            if isOld || abs(offset - state.believed) <= Self.tolerance {
                state.believed = offset
                state.doubted = nil
            }
            return (state.believed, !wasDoubted && state.doubted != nil, wasDoubted && state.doubted == nil)
        }
        if begun {
            log.warning(
                "the clock was set; for a day \(consequence)",
                metadata: ["seconds": "\((offset - believed) / 1_000_000)", "time": "\(wall)"])
        }
        if isOver { log.notice("the clock is believed again", metadata: ["time": "\(wall)"]) }
        let untouched = Timestamp(microseconds: wall.microseconds + believed - offset)
        return Reading(earliest: min(wall, untouched), latest: max(wall, untouched))
    }
}
