// SPDX-License-Identifier: Apache-2.0

/// One reading of one meter of one resource.
public struct Sample: Sendable, Hashable {
    /// The meter's name, kind and unit.
    public var name: String
    public var kind: Meter.Kind
    public var unit: String
    public var volume: Volume
    public var userID: String?
    public var userName: String?
    public var projectID: String?
    public var projectName: String?
    public var resourceID: String
    /// The start of the polling cycle, one for all of its samples; or when the notification was sent.
    public var timestamp: Timestamp
    public var resourceMetadata: Metadata
    /// What emits the sample, in Ceilometer's sense: `openstack` unless `[DEFAULT] sample_source` says otherwise.
    public var source: String
    public var id: SampleID
    /// When the value itself was read; nil where that isn't known.
    public var monotonicTime: MonotonicTime?

    public init(
        _ meter: Meter, _ volume: Volume, of resource: Resource, in cycle: PollingCycle,
        readAt monotonicTime: MonotonicTime? = nil
    ) {
        self.init(
            meter, volume, of: resource, at: cycle.timestamp, source: cycle.sampleSource, readAt: monotonicTime)
    }

    /// A sample that no polling cycle made, such as one of a notification.
    public init(
        _ meter: Meter, _ volume: Volume, of resource: Resource, at timestamp: Timestamp,
        source: String = "openstack", readAt monotonicTime: MonotonicTime? = nil
    ) {
        name = meter.name
        kind = meter.kind
        unit = meter.unit
        self.volume = volume
        userID = resource.userID
        projectID = resource.projectID
        resourceID = resource.id
        self.timestamp = timestamp
        resourceMetadata = resource.metadata
        self.source = source
        id = SampleID()
        self.monotonicTime = monotonicTime
    }
}
