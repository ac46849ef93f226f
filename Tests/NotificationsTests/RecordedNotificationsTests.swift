// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Notifications
import Telemetry
import Testing

/// Where what was recorded is.
enum RecordedNotifications {
    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["HYPSOMETER_NOTIFICATION_CASES"].map { URL(filePath: $0) }
        let folder =
            named
            ?? ShippedDefinitions.root.deletingLastPathComponent().appending(path: "shared/cases/notifications")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()
}

/// What real services announced, and what that has to give; see `expectations.py`. The messages are in
/// `HYPSOMETER_NOTIFICATION_CASES`, or beside the project; without them the suite is skipped.
@Suite(
    .enabled(
        if: RecordedNotifications.folder != nil,
        "no recorded notifications: neither HYPSOMETER_NOTIFICATION_CASES nor ../shared/cases/notifications is there"))
struct RecordedNotificationsTests {
    private static func expectations() throws -> [WireValue] {
        let file = ShippedDefinitions.root.appending(path: "Tests/NotificationsTests/Expected/messages.jsonl")
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map {
            try WireValue(json: Array($0), within: WireLimits(bytes: 1 << 20))
        }
    }

    private func notification(_ name: String) throws -> ReceivedNotification {
        let folder = try #require(RecordedNotifications.folder)
        let data = try Data(contentsOf: folder.appending(path: name))
        let capture = try WireValue(json: Array(data), within: WireLimits(bytes: 1 << 24))
        return try ReceivedNotification(body: Array(try capture.text("body").utf8))
    }

    @Test func eachGivesTheSamplesThatItHasTo() async throws {
        let processor = try ShippedDefinitions.processor()
        let expectations = try Self.expectations()
        #expect(expectations.count == 266)
        for expected in expectations {
            let file = try expected.text("file")
            let notification = try notification(file)
            let samples = try await processor.process(notification).samples
            #expect(
                try samples.map { try text(of: $0, notification) }.sorted() == texts(of: expected).sorted(), "\(file)")
            #expect(samples.allSatisfy { $0.timestamp == notification.timestamp }, "\(file)")
        }
    }

    @Test func eachGivesTheEventThatItHasTo() async throws {
        let processor = try ShippedDefinitions.processor()
        for expected in try Self.expectations() {
            let file = try expected.text("file")
            let event = try await processor.process(try notification(file)).event
            guard case .array(let words)? = expected["event"], words.count == 3 else {
                #expect(event == nil, "\(file)")
                continue
            }
            let found = try #require(event, "\(file)")
            #expect(.string(found.messageID) == expected["id"], "\(file)")
            #expect([.string(found.eventType), .string(found.generated.description)] == Array(words[..<2]), "\(file)")
            guard case .object(let traits) = words[2] else {
                Issue.record("no traits in \(file)")
                continue
            }
            #expect(
                found.traits.map { "\($0.name) \($0.value.written)" }.sorted()
                    == traits.map { "\($0.key) \($0.value.written)" }.sorted(), "\(file)")
        }
    }

    /// A sample as its expectation has it.
    private func text(of sample: Sample, _ notification: ReceivedNotification) throws -> String {
        let metadata: WireValue
        if case .object(let entries) = notification.payload {
            let inner = notification.payload["nova_object.data"]
            var whole = try Metadata(entries)
            whole["event_type"] = .string(notification.eventType)
            whole["host"] = .string(notification.publisherID)
            if sample.resourceMetadata == whole {
                metadata = .string("payload")
            } else if sample.name == "instance", sample.resourceMetadata["event_type"] != nil, inner != nil {
                metadata = .string("nova_object.data")
            } else {
                metadata = WireValue(sample.resourceMetadata)
            }
        } else {
            metadata = WireValue(sample.resourceMetadata)
        }
        let values: [WireValue] = [
            .string(sample.name), .string(sample.kind.rawValue), .string(sample.unit),
            .real(sample.volume.doubleValue), .string(sample.resourceID), sample.projectID.map { .string($0) } ?? .null,
            sample.userID.map { .string($0) } ?? .null, metadata,
        ]
        return WireValue.array(values).written
    }

    private func texts(of expected: WireValue) throws -> [String] {
        guard case .array(let samples)? = expected["samples"], case .array(let metadata)? = expected["metadata"] else {
            return []
        }
        return samples.compactMap { sample in
            guard case .array(var values) = sample else { return nil }
            if case .integer(let volume) = values[3] { values[3] = .real(Double(volume)) }
            if case .integer(let index) = values[7] { values[7] = metadata[Int(index)] }
            return WireValue.array(values).written
        }
    }
}

extension WireValue {
    fileprivate var written: String {
        var bytes: [UInt8] = []
        bytes.appendJSON(self)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Event.Value {
    /// As an expectation has it.
    fileprivate var written: String {
        let value: [WireValue] =
            switch self {
            case .text(let text): [.string("text"), .string(text)]
            case .integer(let integer): [.string("int"), .integer(Int128(integer))]
            case .real(let real): [.string("float"), .real(real)]
            case .datetime(let time): [.string("datetime"), .string(time.description)]
            }
        return WireValue.array(value).written
    }
}
