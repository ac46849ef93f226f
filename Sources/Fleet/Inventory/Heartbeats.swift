// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
internal import Telemetry

/// When each node was heard of last: in memory, as ten thousand nodes that write a row every minute would keep a disk
/// busy for nothing.
final class Heartbeats: Sendable {
    private struct Pulse {
        var seen: MonotonicTime
        var at: Timestamp
        var checksum: String?
        var isOnline: Bool
        var isUnsaved = false
    }

    private let pulses = Mutex<[Int: Pulse]>([:])

    /// Of a node that was registered or found in the database: it counts as heard of now, as nobody could hear of it
    /// while the service was away.
    func expect(_ node: Int, checksum: String?, isOnline: Bool) {
        pulses.withLock { $0[node] = Pulse(seen: .now, at: .now, checksum: checksum, isOnline: isOnline) }
    }

    func forget(_ nodes: some Sequence<Int>) {
        pulses.withLock { pulses in for node in nodes { pulses[node] = nil } }
    }

    /// Notes that a node was heard of.
    ///
    /// - Returns: whether that is all there is to it: it is online, and its agent has found nothing else than before.
    func beat(_ node: Int, checksum: String?) -> Bool {
        pulses.withLock { pulses in
            guard var pulse = pulses[node] else { return false }
            pulse.seen = .now
            pulse.at = .now
            pulse.isUnsaved = true
            pulses[node] = pulse
            return pulse.isOnline && checksum != nil && checksum == pulse.checksum
        }
    }

    /// What is now known of it, after it was committed.
    func note(_ node: Int, checksum: String?? = nil, isOnline: Bool) {
        pulses.withLock { pulses in
            pulses[node]?.isOnline = isOnline
            if let checksum { pulses[node]?.checksum = checksum }
        }
    }

    /// The online nodes that weren't heard of for so long.
    func silent(for time: Duration) -> [Int] {
        let now = MonotonicTime.now
        let limit = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        return pulses.withLock { pulses in
            pulses.filter { $0.value.isOnline && now.seconds(since: $0.value.seen) >= limit }.keys.sorted()
        }
    }

    func lastSeen(_ node: Int) -> Timestamp? { pulses.withLock { $0[node]?.at } }

    /// What the database doesn't know yet.
    func takeUnsaved() -> [(node: Int, at: Timestamp)] {
        pulses.withLock { pulses in
            let unsaved = pulses.filter(\.value.isUnsaved).map { ($0.key, $0.value.at) }
            for (node, _) in unsaved { pulses[node]?.isUnsaved = false }
            return unsaved
        }
    }

    var count: (known: Int, online: Int) {
        pulses.withLock { ($0.count, $0.count { $0.value.isOnline }) }
    }
}
