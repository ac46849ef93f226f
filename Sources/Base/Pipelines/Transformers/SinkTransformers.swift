// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import Telemetry

/// The transformers of one sink, one behind the other, with what they remember.
package actor SinkTransformers {
    nonisolated let sink: String
    nonisolated let definitions: [TransformerDefinition]
    private var transformers: [any Transformer]
    private let log: Logger
    private var faults: [Fault: Int] = [:]

    private struct Fault: Hashable {
        var transformer: Int
        var reason: TransformerPass.Reason
    }

    init(sink: String, _ definitions: [TransformerDefinition], log: Logger) {
        self.sink = sink
        self.definitions = definitions
        self.log = log
        transformers = definitions.map { $0.make() }
    }

    /// Samples that were dropped for a fault: no predecessor is none.
    var dropped: Int { faults.values.reduce(0, +) }

    /// A batch's way through all of them, and what they let go after it.
    ///
    /// - Parameter isLast: whether nothing follows: all that is held back goes out.
    func transform(_ samples: [Sample], at now: MonotonicTime = .now, isLast: Bool = false) -> [Sample] {
        var results = run(samples, from: 0, at: now)
        for index in transformers.indices {
            var pass = TransformerPass(now: now, isLast: isLast)
            let released = transformers[index].flush(&pass)
            note(pass, index)
            results += run(released, from: index + 1, at: now)
        }
        return results
    }

    private func run(_ samples: [Sample], from first: Int, at now: MonotonicTime) -> [Sample] {
        var samples = samples
        for index in first..<transformers.count where !samples.isEmpty {
            var pass = TransformerPass(now: now)
            samples = transformers[index].transform(samples, &pass)
            note(pass, index)
        }
        return samples
    }

    /// Counts faults; each kind is said once.
    private func note(_ pass: TransformerPass, _ index: Int) {
        for (reason, drop) in pass.drops where !reason.isExpected {
            let fault = Fault(transformer: index, reason: reason)
            let isNew = faults[fault] == nil
            faults[fault, default: 0] += drop.count
            guard isNew else { continue }
            var metadata: Logger.Metadata = [
                "sink": "\(sink)", "transformer": "\(definitions[index].name)", "meter": "\(drop.meter)",
                "resource": "\(drop.resource)",
            ]
            if !drop.detail.isEmpty { metadata["error"] = "\(drop.detail)" }
            log.warning("a transformer drops a sample: \(reason); said once", metadata: metadata)
        }
    }
}
