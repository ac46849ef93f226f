// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Telemetry

/// The times that samples may have: a clock that is far off would put them where nobody looks for them, or where
/// they are deleted at once.
struct Window: Sendable, Hashable {
    /// Microseconds since 1970.
    var earliest: Int64
    var latest: Int64

    /// - Parameters:
    ///   - ahead: seconds that a sender's clock may be ahead.
    ///   - age: seconds that samples are kept.
    init(now: SteadyClock.Reading, ahead: Int, age: Int) {
        earliest = now.earliest.microseconds - Int64(age) * 1_000_000
        latest = now.latest.microseconds + Int64(ahead) * 1_000_000
    }

    /// Why a sample of that time isn't taken; nil where it is.
    func refusal(_ time: Int64, index: Int) -> Refusal? {
        if time > latest {
            let limit = Timestamp(microseconds: latest)
            return Refusal(
                index, .future,
                "its time \(Timestamp(microseconds: time)) is ahead of this host's clock; the latest "
                    + "taken now is \(limit): check the sender's clock")
        }
        if time < earliest {
            let limit = Timestamp(microseconds: earliest)
            return Refusal(
                index, .old,
                "its time \(Timestamp(microseconds: time)) is before \(limit), up to which samples have "
                    + "been deleted")
        }
        return nil
    }
}
