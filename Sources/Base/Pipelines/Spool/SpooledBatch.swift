// SPDX-License-Identifier: Apache-2.0

/// Samples on their way to one publisher, as they will be sent.
struct SpooledBatch: Sendable, Hashable {
    /// Their place in the publisher's order; grows.
    var sequence: Int64
    var samples: Int
    var body: [UInt8]
}

/// How much of a publisher's waits.
struct SpoolTally: Sendable, Hashable {
    var batches = 0
    var samples = 0
    var bytes = 0

    static func += (left: inout SpoolTally, right: SpoolTally) {
        left.batches += right.batches
        left.samples += right.samples
        left.bytes += right.bytes
    }

    static func -= (left: inout SpoolTally, right: SpoolTally) {
        left.batches -= right.batches
        left.samples -= right.samples
        left.bytes -= right.bytes
    }

    init(batches: Int = 0, samples: Int = 0, bytes: Int = 0) {
        self.batches = batches
        self.samples = samples
        self.bytes = bytes
    }

    init(_ batches: [SpooledBatch]) {
        self.init(
            batches: batches.count, samples: batches.reduce(0) { $0 + $1.samples },
            bytes: batches.reduce(0) { $0 + $1.body.count })
    }
}
