// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// How long reading the host and each share of its domains has taken of late, and so how long the next try is waited for.
struct ReadingPaces {
    /// Seconds that a slow read may need, where nothing is known.
    private static let slow = 4.0
    /// A read that takes so many times what the one before took hangs.
    private static let factor = 3.0

    /// Seconds, by share; nil is the host itself.
    private var last: [DomainShare?: Double] = [:]

    mutating func note(_ seconds: Double, of share: DomainShare?) { last[share] = seconds }

    /// Reading it took too long: the next one has all the time that there is.
    mutating func forget(_ share: DomainShare?) { last[share] = nil }

    /// Half of the time that is left, so that there is a second try; but no less than a slow read may need.
    ///
    /// - Parameter most: of one try.
    func patience(with share: DomainShare?, until deadline: MonotonicTime, most: Duration) -> MonotonicTime {
        let now = MonotonicTime.now
        let needed = last[share].map { $0 * Self.factor } ?? Self.slow
        let half = max(needed, deadline.seconds(since: now) / 2)
        return min(deadline, now + min(.seconds(half), most))
    }
}
