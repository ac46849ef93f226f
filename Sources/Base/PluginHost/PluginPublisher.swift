// SPDX-License-Identifier: Apache-2.0
package import HypsometerKit
internal import JSONText
package import Telemetry

/// A publisher behind the protocol.
package actor PluginPublisher: Publisher {
    /// A call's worth: a few MiB.
    private static let mostSamples = 2000

    private let slot: PluginSlot
    private let target: PublisherTarget
    /// How much of which batch has gone out: after a failure the same batch comes again.
    private var progress: (first: SampleID, done: Int)?

    package init(_ slot: PluginSlot, _ target: PublisherTarget) {
        self.slot = slot
        self.target = target
    }

    package func publish(_ samples: [Sample]) async throws {
        guard let first = samples.first?.id else { return }
        var done = progress.map { $0.first == first ? $0.done : 0 } ?? 0
        while done < samples.count {
            let part = samples[done..<min(samples.count, done + Self.mostSamples)]
            do {
                _ = try await slot.call(.publish, parameters(part))
            } catch let error as RPCError where error.code == RPCError.Code.gone.rawValue {
                throw PublisherGone("plug-in \(slot.name): \(error)")
            } catch {
                throw slot.named(error)
            }
            done += part.count
            progress = (first, done)
        }
        progress = nil
    }

    private func parameters(_ samples: ArraySlice<Sample>) -> [UInt8] {
        var bytes = target.parameters.json
        bytes.removeLast()
        bytes.append(",\"samples\":")
        bytes.appendJSON(list: samples) { bytes, sample in
            var metadata: [UInt8] = []
            metadata.appendJSON(sample.resourceMetadata)
            sample.appendJSON(to: &bytes, metadata: metadata)
        }
        bytes.append("}")
        return bytes
    }
}
