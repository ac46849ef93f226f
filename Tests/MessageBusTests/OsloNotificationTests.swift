// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import MessageBus
import Telemetry
import Testing

struct OsloNotificationTests {
    private let heading = OsloHeading(
        messageID: "48caa6b4-a691-4c8a-ac9b-665afb88d34c", publisherID: "telemetry.publisher.cn1",
        eventType: "metering", priority: "SAMPLE", timestamp: "2026-11-21 03:31:22.011873",
        uniqueID: "0b9b2a5f3a9f4a7c8e0f6d5c4b3a2918")

    @Test(arguments: [OsloHeading.Form.envelope, .bare]) func readsWhatItWrites(_ form: OsloHeading.Form) throws {
        var notification = OsloNotification(
            heading: heading, payload: .object([.init("name", .string("\"é\"\n")), .init("n", .integer(7))]))
        notification.heading.context = [.init("project_id", .string("p1"))]
        #expect(try OsloNotification(body: notification.body(form)) == notification)
    }

    @Test func wrapsTheMessageAsATextOfJSON() throws {
        let body = heading.body(around: Array("[1]".utf8))
        let outer = try WireValue(json: body, within: WireLimits(bytes: 10_000))
        #expect(outer["oslo.version"] == .string("2.0"))
        #expect(
            try outer.text("oslo.message")
                == #"{"message_id":"48caa6b4-a691-4c8a-ac9b-665afb88d34c","publisher_id":"telemetry.publisher.cn1","#
                + #""event_type":"metering","priority":"SAMPLE","payload":[1],"timestamp":"2026-11-21 03:31:22.011873","#
                + #""_unique_id":"0b9b2a5f3a9f4a7c8e0f6d5c4b3a2918"}"#)
    }

    @Test func dressesANewMessageAsOsloDoes() throws {
        let new = OsloHeading(
            publisherID: "p", eventType: "e", priority: "SAMPLE", now: Timestamp(microseconds: 1_795_231_870_037_891))
        #expect(new.timestamp == "2026-11-21 03:31:10.037891")
        #expect(UUID(uuidString: new.messageID) != nil)
        #expect(new.uniqueID?.count == 32)
        #expect(new.uniqueID?.contains("-") == false)
    }

    @Test(
        arguments: [
            ("", "byte 0"), ("[]", "message"), ("{}", "payload"),
            (#"{"oslo.version":"3.0","oslo.message":"{}"}"#, "oslo.version"),
            (#"{"oslo.version":"2.0"}"#, "oslo.message"),
            (#"{"oslo.version":"2.0","oslo.message":"{"}"#, "oslo.message.byte 1"),
            (#"{"payload":[],"event_type":7}"#, "event_type"),
        ])
    func namesWhatIsWrong(_ text: String, _ place: String) throws {
        let error = try #require(throws: WireError.self) { try OsloNotification(body: Array(text.utf8)) }
        #expect(error.place == place)
    }
}

private let recorded: URL? = {
    let folder = URL(filePath: #filePath).appending(path: "../../../../shared/cases/notifications").standardized
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
}()

/// Messages that real services sent.
@Suite(.enabled(if: recorded != nil, "../shared/cases/notifications is not here"))
struct RecordedNotifications {
    @Test func areReadWithTheirContext() throws {
        let folder = try #require(recorded)
        var read = 0
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where file.pathExtension == "json" && file.lastPathComponent != "index.json" {
            let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
            guard let body = json?["body"] as? String else { continue }
            let notification = try OsloNotification(body: Array(body.utf8))
            #expect(!notification.heading.eventType.isEmpty, "\(file.lastPathComponent)")
            #expect(UUID(uuidString: notification.heading.messageID) != nil, "\(file.lastPathComponent)")
            // And back: what oslo reads of ours is what was in it.
            #expect(try OsloNotification(body: notification.body()) == notification, "\(file.lastPathComponent)")
            read += 1
        }
        #expect(read > 200)
    }
}
