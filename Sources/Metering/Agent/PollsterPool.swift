// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
internal import Telemetry

/// The pollsters in use. One for each interval, pollster and selection, kept as long as it is polled, so that a
/// reload costs no rate a reading.
final class PollsterPool: Sendable {
    struct Key: Sendable, Hashable {
        var interval: Int
        var pollster: String
        var selection: PollingPlan.Selection
        /// Of the plug-ins it was made from.
        var generation: Int
    }

    /// What some of them have refused for good.
    let silenced = SilencedResources()
    private let pollsters = Mutex<[Key: any Pollster]>([:])

    func pollster(_ key: Key, from registrations: [PollsterRegistration]) -> (any Pollster)? {
        pollsters.withLock { pollsters in
            if let pollster = pollsters[key] { return pollster }
            let pollster = registrations.first { $0.name == key.pollster }?.make()
            pollsters[key] = pollster
            return pollster
        }
    }

    /// Forgets all but these.
    func keep(_ keys: Set<Key>) { pollsters.withLock { $0 = $0.filter { keys.contains($0.key) } } }
}
