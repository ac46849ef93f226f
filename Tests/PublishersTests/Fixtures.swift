// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Publishers
import Settings
import Telemetry
import Testing

/// The publisher of a URL as `pipeline.yaml` would name it.
func publisher(_ text: String) throws -> any Publisher {
    let root = try YAMLValue(file: "pipeline.yaml", text: "u: '\(text)'").mapping(known: ["u"])
    return try BuiltInPublishers.all.make(PublisherURL(try #require(root["u"])))
}

extension Sample {
    /// A gauge of one byte; its line in a file has some 300 bytes.
    static func of(_ meter: String) -> Sample {
        Sample(
            Meter(meter, .gauge, unit: "B"), 1, of: Resource(id: "vm-1"),
            in: PollingCycle(number: 1, timestamp: Timestamp(microseconds: 0), deadline: .now, meters: []))
    }
}
