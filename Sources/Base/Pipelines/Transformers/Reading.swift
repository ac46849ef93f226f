// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// What a difference needs of the sample before.
struct Reading: Sendable {
    var volume: Volume
    var timestamp: Timestamp
    var monotonicTime: MonotonicTime?

    init(_ sample: Sample) {
        volume = sample.volume
        timestamp = sample.timestamp
        monotonicTime = sample.monotonicTime
    }

    /// Seconds from another reading to this one, on the monotonic clock where both have it: the wall clock can be set.
    func seconds(since earlier: Reading) -> Double {
        if let monotonicTime, let start = earlier.monotonicTime { return monotonicTime.seconds(since: start) }
        // A Double holds every microsecond until the year 2255.
        return (Double(timestamp.microseconds) - Double(earlier.timestamp.microseconds)) / 1e6
    }
}

/// The last reading of each meter of each resource.
struct LastReadings: Sendable {
    private var memory = KeyedMemory<MeterKey, Reading>()

    /// The reading before this sample's, which this one takes the place of; nil, with the drop noted, where there is
    /// none or it is the later of the two.
    mutating func exchange(_ sample: Sample, _ pass: inout TransformerPass) -> (earlier: Reading, seconds: Double)? {
        let key = MeterKey(sample)
        let reading = Reading(sample)
        let earlier = memory[key]
        let seconds = earlier.map { reading.seconds(since: $0) } ?? 0
        guard seconds >= 0 else {
            pass.drop(sample, .outOfOrder)
            return nil
        }
        guard memory.remember(reading, for: key, at: pass.now) else {
            pass.drop(sample, .noRoom)
            return nil
        }
        guard let earlier else {
            pass.drop(sample, .noPredecessor)
            return nil
        }
        return (earlier, seconds)
    }
}
