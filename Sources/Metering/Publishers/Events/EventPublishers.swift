// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import JSONText
internal import Pipelines
internal import Settings
internal import Telemetry

/// Events to where samples may go too.
enum EventPublishers {
    /// `stdout://`: JSON lines.
    static let standardOutput = EventPublisherRegistration(scheme: "stdout", options: []) { _ in
        StandardOutputEvents()
    }

    /// `file:///path`: JSON lines appended; `max_bytes` and `backup_count` as for samples.
    static let file = EventPublisherRegistration(
        scheme: "file", options: ["max_bytes", "backup_count", "json"]
    ) { url throws(Mistake) in
        FileEvents(file: try FilePublisher.target(url))
    }

    /// `http://host/path` and `https://…`: JSON arrays, posted.
    static func http(scheme: String) -> EventPublisherRegistration {
        EventPublisherRegistration(scheme: scheme, options: HTTPSender.options) { url throws(Mistake) in
            HTTPEvents(sender: try HTTPSender(url, path: "/"))
        }
    }

    /// `discard://`: nowhere, for measuring.
    static let discard = EventPublisherRegistration(scheme: "discard", options: []) { _ in DiscardedEvents() }

    fileprivate static func lines(_ events: [Event]) -> [UInt8] {
        var bytes: [UInt8] = []
        for event in events {
            event.appendJSON(to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}

private actor StandardOutputEvents: EventPublisher {
    private let executor = QueueExecutor(label: "events.stdout")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func publish(_ events: [Event]) throws {
        let bytes = EventPublishers.lines(events)
        guard writeAll(bytes, to: STDOUT_FILENO) == bytes.count else {
            throw WriteError.last("write to standard output")
        }
    }
}

private actor FileEvents: EventPublisher {
    private let executor = QueueExecutor(label: "events.file")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let file: AppendedFile

    init(file: AppendedFile) { self.file = file }

    func publish(_ events: [Event]) throws { try file.append(EventPublishers.lines(events)) }
}

/// Posts as many at a time as samples; an array that the other side will never take is an error too, as there is no
/// place to keep its events.
private struct HTTPEvents: EventPublisher {
    let sender: HTTPSender

    func publish(_ events: [Event]) async throws {
        var rest = events[...]
        while !rest.isEmpty {
            let batch = rest.prefix(sender.batchSize)
            rest = rest.dropFirst(batch.count)
            var bytes: [UInt8] = Array("[\n".utf8)
            for (index, event) in batch.enumerated() {
                if index > 0 { bytes += Array(",\n".utf8) }
                event.appendJSON(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
            let letters = try await sender.send(bytes)
            if let first = letters.first { throw RefusedEvents(count: letters.count, reason: first.reason) }
        }
    }
}

private struct RefusedEvents: Error, CustomStringConvertible {
    var count: Int
    var reason: String

    var description: String { "\(count) events refused: \(reason)" }
}

private struct DiscardedEvents: EventPublisher {
    func publish(_ events: [Event]) {}
}
