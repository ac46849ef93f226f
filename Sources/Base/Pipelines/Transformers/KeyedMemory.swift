// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// A meter of a resource.
struct MeterKey: Sendable, Hashable {
    var meter: String
    var resource: String

    init(_ sample: Sample) {
        meter = sample.name
        resource = sample.resourceID
    }
}

/// What a transformer remembers for each key. Keys that were not seen for a week are forgotten: their resources are
/// gone.
struct KeyedMemory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        var value: Value
        var seen: MonotonicTime
    }

    private let patience: Duration
    private let capacity: Int
    private var entries: [Key: Entry] = [:]
    private var nextSweep: MonotonicTime?

    init(patience: Duration = .seconds(7 * 86400), capacity: Int = 200_000) {
        self.patience = patience
        self.capacity = capacity
    }

    subscript(key: Key) -> Value? { entries[key]?.value }

    /// - Returns: false where there is no room for one more.
    mutating func remember(_ value: Value, for key: Key, at now: MonotonicTime) -> Bool {
        sweep(now)
        guard entries.count < capacity || entries[key] != nil else { return false }
        entries[key] = Entry(value: value, seen: now)
        return true
    }

    mutating func forget(_ key: Key) -> Value? { entries.removeValue(forKey: key)?.value }

    /// Once in a while, as it looks at every entry.
    private mutating func sweep(_ now: MonotonicTime) {
        guard let due = nextSweep else {
            nextSweep = now + patience / 10
            return
        }
        guard now >= due else { return }
        nextSweep = now + patience / 10
        entries = entries.filter { $0.value.seen + patience >= now }
    }
}
