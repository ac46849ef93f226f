// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Notifications
import Telemetry
import Testing

/// Messages of our own, one for each way that a definition or a plug-in makes samples.
@Suite struct OwnMessagesTests {
    static let folder = ShippedDefinitions.root.appending(path: "Tests/NotificationsTests")

    static func body(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: "Messages/\(name).json")))
    }

    private static func process(
        _ name: String, _ change: (inout NotificationHandlers) -> Void = { _ in }
    ) async throws -> NotificationProcessor.Outcome {
        try await ShippedDefinitions.processor(change).process(ReceivedNotification(body: body(name)))
    }

    @Test func eachGivesTheSamplesThatItHasTo() async throws {
        let file = Self.folder.appending(path: "Expected/messages-of-our-own.json")
        let expected = try JSONDecoder().decode([String: [String]].self, from: Data(contentsOf: file))
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.appending(path: "Messages").path)
        #expect(Set(names.map { String($0.dropLast(5)) }) == Set(expected.keys))
        for (name, texts) in expected {
            let samples = try await Self.process(name).samples
            #expect(
                samples.map { "\($0.name) \($0.resourceID) \($0.volume) \($0.unit) \($0.kind.rawValue)" }.sorted()
                    == texts, "\(name)")
        }
    }

    @Test func metadataOfAUserIsTakenWhereItIsMeantForMetering() async throws {
        let samples = try await Self.process("an-instance-that-was-created").samples
        let memory = try #require(samples.first { $0.name == "memory" })
        #expect(memory.resourceMetadata["user_metadata"] == .object(["stack": "blue"]))
        #expect(memory.resourceMetadata["flavor_name"] == "m1.small")
        #expect(memory.resourceMetadata["deleted_at"] == nil)
        #expect(memory.projectID == "p1")
    }

    @Test func aVolumeOfAnImageNamesIt() async throws {
        let sample = try #require(try await Self.process("a-volume-that-was-resized").samples.first)
        #expect(sample.resourceMetadata["image_id"] == "im1")
        #expect(sample.resourceMetadata["instance_id"] == "i1")
    }

    @Test func aTimeOfItsOwnIsTaken() async throws {
        let sample = try #require(try await Self.process("a-node-with-its-cpu").samples.first)
        #expect(sample.timestamp.description == "2026-11-21T04:39:00")
    }

    @Test func aNotificationReadAgainGivesTheSameIDs() async throws {
        let first = try await Self.process("an-instance-that-was-created").samples.map(\.id)
        let second = try await Self.process("an-instance-that-was-created").samples.map(\.id)
        #expect(first == second)
        #expect(Set(first).count == 6)
    }

    @Test func samplesOfAnAgentKeepTheirIDs() async throws {
        let sample = try #require(try await Self.process("samples-of-a-polling-agent").samples.first)
        #expect(sample.id.description == "2f6d1a64-7a3f-4d84-8b15-0f6a3bd3a111")
    }

    @Test func anErrorGivesAnEventAndNoSample() async throws {
        let outcome = try await Self.process("an-error") { $0.rawPriorities = ["error"] }
        let event = try #require(outcome.event)
        #expect(event["service"] == .text("compute.cn1"))
        #expect(event.raw["event_type"] == "get_host_uptime")
        #expect(outcome.samples.isEmpty)
    }

    @Test func aTimeWithAZoneWithoutAColonIsRead() async throws {
        let event = try #require(try await Self.process("a-log-in").event)
        #expect(
            event["event_time"] == .datetime(try #require(Timestamp(parsing: "2026-11-21T04:39:00.000001".utf8))))
    }

    @Test(arguments: [
        ("an-image-without-a-size", "image.size", "volume $.payload.size finds nothing"),
        ("a-payload-that-is-a-list", "volume.size", "volume $.payload.size finds nothing"),
    ])
    func whatADefinitionMissesIsTold(name: String, meter: String, words: String) async throws {
        let processor = try ShippedDefinitions.processor()
        let notification = try ReceivedNotification(body: Self.body(name))
        let lines = processor.explanation(of: notification, try await processor.process(notification))
        #expect(lines.contains { $0.contains("\"\(meter)\"") && $0.hasSuffix(words) }, "\(lines)")
    }

    @Test func theNearestDefinitionIsToldWhereNoneIsAboutAMessage() async throws {
        let processor = try ShippedDefinitions.processor()
        let inner =
            #"{"message_id":"m","publisher_id":"image.h","event_type":"image.prepare","priority":"INFO","#
            + #""payload":{},"timestamp":"2026-11-21 04:39:33"}"#
        let notification = try ReceivedNotification(body: Array(inner.utf8))
        let lines = processor.explanation(of: notification, try await processor.process(notification))
        #expect(lines.count == 1)
        #expect(lines[0].contains("no meter definition is about event type image.prepare; nearest is"), "\(lines)")
        #expect(lines[0].contains("agrees up to \"image.\""), "\(lines)")
    }
}
