// SPDX-License-Identifier: Apache-2.0
import Glibc

/// An instant on the machine's monotonic clock (CLOCK_MONOTONIC): what rates are computed from, since the wall
/// clock can be set.
public struct MonotonicTime: Sendable, Hashable, Comparable {
    /// Since boot, without the time suspended.
    public var nanoseconds: UInt64

    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    public static var now: MonotonicTime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    public var seconds: Double { Double(nanoseconds) / 1e9 }

    /// Seconds from `earlier` to this instant; negative where `earlier` is the later one.
    public func seconds(since earlier: MonotonicTime) -> Double {
        nanoseconds >= earlier.nanoseconds
            ? Double(nanoseconds - earlier.nanoseconds) / 1e9
            : -Double(earlier.nanoseconds - nanoseconds) / 1e9
    }

    public static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Stops at either end of the clock.
    public static func + (instant: MonotonicTime, duration: Duration) -> MonotonicTime {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Int128(seconds) * 1_000_000_000 + Int128(attoseconds / 1_000_000_000)
        return MonotonicTime(nanoseconds: UInt64(clamping: Int128(instant.nanoseconds) + nanoseconds))
    }
}
