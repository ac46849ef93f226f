// SPDX-License-Identifier: Apache-2.0

/// How long to wait after failures in a row: from half a second to half a minute, doubled each time. A random half of
/// it keeps many agents from coming back to a receiver at the same moment.
struct Backoff: Sendable {
    /// The longest that the other side may ask for.
    private static let longest = Duration.seconds(300)

    private(set) var failures = 0

    mutating func reset() { failures = 0 }

    /// - Parameter wish: what the other side asks for, which is the least then.
    mutating func next(atLeast wish: Duration = .zero) -> Duration {
        failures += 1
        let pause = Duration.seconds(min(30, 0.5 * Double(1 << min(failures - 1, 6))) * .random(in: 0.5...1))
        return max(pause, min(wish, Self.longest))
    }
}
