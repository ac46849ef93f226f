// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// Tells by how much the wall clock was set.
struct ClockSteps: Sendable {
    /// Wall clock less monotonic clock, in microseconds.
    private var offset: Int64

    init(wall: Timestamp = .now, monotonic: MonotonicTime = .now) { offset = Self.offset(wall, monotonic) }

    private static func offset(_ wall: Timestamp, _ monotonic: MonotonicTime) -> Int64 {
        wall.microseconds - Int64(monotonic.nanoseconds / 1000)
    }

    /// Since the last call, or the beginning; negative for back.
    mutating func next(wall: Timestamp = .now, monotonic: MonotonicTime = .now) -> Duration {
        let new = Self.offset(wall, monotonic)
        defer { offset = new }
        return .microseconds(new - offset)
    }
}
