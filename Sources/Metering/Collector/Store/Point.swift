// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// One reading as it is kept: what a sample says beside the words that it shares with others of its series.
package struct Point: Sendable, Hashable {
    /// Microseconds since 1970-01-01T00:00:00 UTC.
    package var time: Int64
    package var volume: Volume
    /// The metadata's number in the catalog.
    package var metadata: Int32
    /// When the value was read on the sender's monotonic clock, in microseconds; ``unknown`` where it didn't say.
    package var monotonic: Int64
    /// A digest of the message id; 0 once the point is in a block, where time alone tells points apart.
    package var id: UInt64

    package static let unknown = Int64.min

    package init(
        time: Int64, volume: Volume, metadata: Int32 = 0, monotonic: Int64 = Point.unknown, id: UInt64 = 0
    ) {
        self.time = time
        self.volume = volume
        self.metadata = metadata
        self.monotonic = monotonic
        self.id = id
    }
}

/// A point on its way into the store.
package struct Arrival: Sendable, Hashable {
    /// The series' number in the catalog.
    package var series: Int32
    package var point: Point

    package init(series: Int32, point: Point) {
        self.series = series
        self.point = point
    }
}
