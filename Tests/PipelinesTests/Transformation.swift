// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Settings
import Telemetry
import Testing

/// One transformer as a pipeline file writes it, and what it makes of samples that come to it.
struct Transformation {
    private var transformer: any Transformer
    /// Of all batches so far, with how many they were.
    private(set) var drops: [TransformerPass.Reason: Int] = [:]
    /// The first words of each kind.
    private(set) var details: [TransformerPass.Reason: String] = [:]

    /// - Parameter text: an item of `transformers:`.
    init(_ text: String) throws {
        let sink = try PipelineDefinition(file: "pipeline.yaml", text: Self.pipeline(text)).sinks.first
        transformer = try #require(sink?.transformers.first).make()
    }

    static func pipeline(_ transformer: String) -> String {
        let lines = transformer.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
        return "sources: [{name: s, meters: ['*'], sinks: [t]}]\nsinks:\n- name: t\n  publishers: ['test://a']\n"
            + "  transformers:\n  - " + lines.joined(separator: "\n").dropFirst(4) + "\n"
    }

    /// A batch on its way, and what is released after it.
    ///
    /// - Parameter seconds: since the machine began to run.
    mutating func callAsFunction(_ samples: [Sample], at seconds: Int = 0, isLast: Bool = false) -> [Sample] {
        let now = MonotonicTime(nanoseconds: UInt64(seconds) * 1_000_000_000)
        var pass = TransformerPass(now: now, isLast: isLast)
        let results = transformer.transform(samples, &pass) + transformer.flush(&pass)
        for (reason, drop) in pass.drops {
            drops[reason, default: 0] += drop.count
            if details[reason] == nil { details[reason] = drop.detail }
        }
        return results
    }

    /// Samples one by one, each a batch of its own.
    mutating func oneByOne(_ samples: [Sample]) -> [Sample] { samples.flatMap { self([$0]) } }
}

extension Sample {
    /// A sample taken so many seconds after noon.
    static func reading(
        _ meter: Meter, _ volume: Volume, after seconds: Double = 0, of resource: String = "vm-1",
        metadata: Metadata = [:], readAt monotonic: Double? = nil, user: String? = "u1", project: String? = "p1"
    ) -> Sample {
        let noon: Int64 = 1_795_262_400_000_000
        let cycle = PollingCycle(
            number: 1, timestamp: Timestamp(microseconds: noon + Int64(seconds * 1e6)), deadline: .now, meters: [])
        return Sample(
            meter, volume, of: Resource(id: resource, projectID: project, userID: user, metadata: metadata), in: cycle,
            readAt: monotonic.map { MonotonicTime(nanoseconds: UInt64($0 * 1e9)) })
    }

    /// Name, volume, unit and kind.
    var brief: String { "\(name) \(volume) \(unit) \(kind.rawValue)" }
}

extension Meter {
    static let cpu = Meter("cpu", .cumulative, unit: "ns")
    static let temperature = Meter("temperature", .gauge, unit: "°C")
    static let requests = Meter("requests", .delta, unit: "request")
}
