// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// `hypsometer notification` at a real RabbitMQ, with a collector and a file behind it. All calls block.
final class RunningNotifications: Sendable {
    static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
    private static let conf = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "conf").path

    private let child: ChildProcess
    private let folder: TemporaryDirectory
    private let logName: String

    /// - Parameters:
    ///   - topic: the queues' name before the priority.
    ///   - exchanges: with commas between them.
    ///   - broker: the port by which it is reached.
    ///   - collector: the port that it listens on; nil where samples go to `samples.jsonl` alone.
    init(
        in folder: TemporaryDirectory, topic: String, exchanges: String, durable: Bool = false, collector: Int?,
        broker: Int = Rabbit.port, more: String = ""
    ) throws {
        self.folder = folder
        logName = "notification-\(UUID().uuidString.prefix(4)).log"
        let receiver = collector.map { ", \"http://127.0.0.1:\($0)/v1/samples\"" } ?? ""
        try folder.write(
            """
            sources: [{name: all, meters: ["*"], sinks: [all]}]
            sinks: [{name: all, publishers: ["file://\(folder("samples.jsonl"))"\(receiver)]}]

            """, to: "pipeline.yaml")
        try folder.write(
            """
            sources: [{name: all, events: ["*"], sinks: [all]}]
            sinks: [{name: all, publishers: ["file://\(folder("events.jsonl"))"]}]

            """, to: "event_pipeline.yaml")
        try folder.write("", to: "spool/.keep")
        let configuration = try folder.write(
            """
            [DEFAULT]
            transport_url = \(Rabbit.text(at: broker))
            state_dir = \(folder.path)
            [notification]
            notification_control_exchanges = \(exchanges)
            spool_directory = \(folder("spool"))
            \(more)
            [oslo_messaging_notifications]
            topics = \(topic)
            [oslo_messaging_rabbit]
            amqp_durable_queues = \(durable)
            [meter]
            meter_definitions_dirs = \(Self.conf)/meters.d
            [event]
            definitions_cfg_file = \(Self.conf)/event_definitions.yaml

            """, to: "notification.conf")
        let output = open(folder(logName), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(output) }
        child = try ChildProcess(
            Self.binary, ["notification", "--config-file", configuration], output: output, error: output)
        guard try waits(for: { try self.log.contains("connected to the message bus") }) else {
            throw ShellError(command: "hypsometer notification", reason: try log)
        }
    }

    var pid: Int32 { child.pid }
    var log: String { get throws { try folder.text(logName) } }
    func lines(with words: String) throws -> [String] {
        try log.split(separator: "\n").filter { $0.contains(words) }.map(String.init)
    }

    /// Of the file, a line each.
    var samples: [String] { lines("samples.jsonl") }
    var events: [String] { lines("events.jsonl") }
    var dead: [String] { lines("spool/dead-notifications.jsonl") }

    private func lines(_ name: String) -> [String] {
        ((try? folder.text(name)) ?? "").split(separator: "\n").map(String.init)  // not there yet: none
    }

    func signal(_ number: Int32) { child.signal(number) }

    /// - Returns: its exit status.
    @discardableResult
    func stop() -> Int32? {
        child.signal(SIGTERM)
        let status = child.status(within: .seconds(60))
        if status == nil { child.signal(SIGKILL) }
        return status
    }

    /// Whether something comes true within a generous time.
    func waits(for condition: () throws -> Bool) rethrows -> Bool {
        let deadline = ContinuousClock.now + .seconds(180)
        while ContinuousClock.now < deadline {
            if try condition() { return true }
            guard child.status(within: .zero) == nil else { return try condition() }
            usleep(100_000)
        }
        return false
    }
}

/// What a collector has of a meter.
enum Collected {
    /// - Returns: the samples of a meter, up to 1000, each with its resource and metadata.
    static func samples(of meter: String, at port: Int) throws -> [[String: Any]] {
        try HTTPClient(port: port).send("GET", "/v1/samples?meter=\(meter)&limit=1000")["samples"] as? [[String: Any]]
            ?? []
    }
}
