// SPDX-License-Identifier: Apache-2.0
internal import Pipelines
internal import Telemetry
internal import Wire

/// A sample of a batch, and how it stands there.
struct SpooledSample: Sendable {
    var sample: Sample
    var json: ArraySlice<UInt8>

    func deadLetter(_ reason: String) -> DeadLetter { DeadLetter(sample: Array(json), reason: reason) }
}

extension SampleArray {
    /// What a batch holds, for senders whose own form has less in it than a sample: they spool the whole sample, and
    /// write their form of it when they send it.
    static func read(_ batch: [UInt8]) -> (samples: [SpooledSample], unreadable: [DeadLetter]) {
        var read: [SpooledSample] = []
        var unreadable: [DeadLetter] = []
        for json in samples(of: batch) {
            do throws(WireError) {
                let value = try WireValue(json: Array(json), within: WireLimits(bytes: 16 << 20))
                read.append(SpooledSample(sample: try Sample(value), json: json))
            } catch {
                unreadable.append(DeadLetter(sample: Array(json), reason: "no sample: \(error)"))
            }
        }
        return (read, unreadable)
    }
}
