// SPDX-License-Identifier: Apache-2.0

/// One round of all sources that share an interval: what discoveries and pollsters may know about it.
public struct PollingCycle: Sendable, Hashable {
    /// Unique in this process: reads that are shared within a cycle are remembered under it.
    public var number: UInt64
    public var timestamp: Timestamp
    /// Nobody waits for an answer after this instant.
    public var deadline: MonotonicTime
    /// The meters that the whole cycle is about, so that a shared read can ask for all they need at once.
    public var meters: Set<String>
    /// Goes into ``Sample/source``.
    public var sampleSource: String

    public init(
        number: UInt64, timestamp: Timestamp = .now, deadline: MonotonicTime, meters: Set<String>,
        sampleSource: String = "openstack"
    ) {
        self.number = number
        self.timestamp = timestamp
        self.deadline = deadline
        self.meters = meters
        self.sampleSource = sampleSource
    }
}
