// SPDX-License-Identifier: Apache-2.0

/// When a plug-in that ended is started again.
package struct RestartPolicy: Sendable, Hashable {
    /// A plug-in that worked as long as this has a clean slate.
    package var calm = Duration.seconds(900)
    /// The failure that leads to quarantine.
    package var mostFailures = 5
    /// It doubles from time to time.
    package var firstQuarantine = Duration.seconds(600)
    package var longestQuarantine = Duration.seconds(14_400)

    package init() {}
}

/// What a plug-in's failures so far lead to.
struct Restarts: Sendable, Hashable {
    enum Pause: Sendable, Hashable {
        case backoff(Duration)
        case quarantine(Duration)
    }

    let policy: RestartPolicy
    private(set) var failures = 0
    private var quarantines = 0

    init(_ policy: RestartPolicy) { self.policy = policy }

    /// Notes a failure. The first is followed by a start at once: whoever killed the plug-in may have done so once.
    ///
    /// - Parameter time: how long it had worked.
    mutating func failed(after time: Duration) -> Pause {
        if time >= policy.calm { (failures, quarantines) = (0, 0) }
        failures += 1
        if failures < policy.mostFailures {
            return .backoff(failures == 1 ? .zero : .seconds(1 << min(failures - 2, 6)))
        }
        let pause = policy.firstQuarantine * (1 << min(quarantines, 20))
        quarantines += 1
        return .quarantine(min(pause, policy.longestQuarantine))
    }
}
