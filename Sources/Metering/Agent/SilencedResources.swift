// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
internal import Telemetry

/// Resources that a pollster has called not worth another try soon: it isn't asked for them for five minutes, then for
/// ten, and so on up to four hours, as long as they keep failing. None is silent for ever.
final class SilencedResources: Sendable {
    static let shortest = Duration.seconds(300)
    static let longest = Duration.seconds(14_400)

    private struct Key: Hashable {
        var pollster: String
        var resource: String
    }

    private struct Silence {
        var until: MonotonicTime
        var length: Duration
    }

    private let silences = Mutex<[Key: Silence]>([:])

    /// Those that may be polled now.
    func audible(_ resources: [Resource], for pollster: String, at now: MonotonicTime = .now) -> [Resource] {
        silences.withLock { silences in
            // What nobody has asked for since its silence ended has gone itself.
            if !silences.isEmpty { silences = silences.filter { now < $0.value.until + Self.longest } }
            guard !silences.isEmpty else { return resources }
            return resources.filter { resource in
                silences[Key(pollster: pollster, resource: resource.id)].map { $0.until <= now } ?? true
            }
        }
    }

    /// - Returns: for how long, the longest of them.
    func silence(_ ids: Set<String>, of pollster: String, at now: MonotonicTime = .now) -> Duration {
        silences.withLock { silences in
            var longest = Duration.zero
            for id in ids {
                let key = Key(pollster: pollster, resource: id)
                let length = silences[key].map { min($0.length * 2, Self.longest) } ?? Self.shortest
                silences[key] = Silence(until: now + length, length: length)
                longest = max(longest, length)
            }
            return longest
        }
    }

    /// These were polled well.
    func forget(_ resources: [Resource], of pollster: String) {
        silences.withLock { silences in
            guard !silences.isEmpty else { return }
            for resource in resources { silences[Key(pollster: pollster, resource: resource.id)] = nil }
        }
    }
}
