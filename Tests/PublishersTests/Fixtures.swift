// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Publishers
import Settings
import Telemetry
import Testing

struct NotLocal: Error {}

/// The publisher of a URL as `pipeline.yaml` would name it.
func publisher(_ text: String) throws -> any Publisher {
    let root = try YAMLValue(file: "pipeline.yaml", text: "u: '\(text)'").mapping(known: ["u"])
    guard case .local(let publisher) = try BuiltInPublishers.all.make(PublisherURL(try #require(root["u"]))) else {
        throw NotLocal()
    }
    return publisher
}

extension Sample {
    /// A gauge of one byte; its line in a file has some 330 bytes and the padding.
    static func of(_ meter: String, padding: Int = 0) -> Sample {
        let metadata: Metadata = padding > 0 ? ["padding": .string(String(repeating: "x", count: padding))] : [:]
        return Sample(
            Meter(meter, .gauge, unit: "B"), 1, of: Resource(id: "vm-1", metadata: metadata),
            in: PollingCycle(number: 1, timestamp: Timestamp(microseconds: 0), deadline: .now, meters: []))
    }
}
