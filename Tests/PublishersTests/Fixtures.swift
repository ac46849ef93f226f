// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Publishers
import Settings
import Telemetry
import TestSupport
import Testing

struct NotLocal: Error {}
struct NotRemote: Error {}

/// What a URL names, as `pipeline.yaml` would name it.
func made(_ text: String, secret: String = "", log: LogMemory = LogMemory()) throws -> MadePublisher {
    let root = try YAMLValue(file: "pipeline.yaml", text: "u: '\(text)'").mapping(known: ["u"])
    let registrations = BuiltInPublishers.all(.init(host: "here", secret: secret, log: log.logger))
    return try registrations.make(PublisherURL(try #require(root["u"])))
}

/// The publisher of a URL that leads nowhere else.
func publisher(_ text: String) throws -> any Publisher {
    guard case .local(let publisher) = try made(text) else { throw NotLocal() }
    return publisher
}

/// What carries the batches of a URL to another host. Answers have a minute where the URL says nothing else: the machine
/// may have other work.
func sender(_ text: String, secret: String = "") throws -> any Sender {
    let takesTime = !["notifier:", "gnocchi"].contains { text.hasPrefix($0) }
    let patience = takesTime && !text.contains("timeout=") ? "\(text.contains("?") ? "&" : "?")timeout=60" : ""
    guard case .remote(let sender) = try made(text + patience, secret: secret) else { throw NotRemote() }
    return sender
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
