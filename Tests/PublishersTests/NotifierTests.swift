// SPDX-License-Identifier: Apache-2.0
import BusSettings
import Digests
import Foundation
import MessageBus
import Pipelines
import Settings
import Telemetry
import TestSupport
import Testing
import Wire

@testable import Publishers

/// What `notifier://` makes of URLs, settings and samples, before any broker.
struct NotifierTests {
    private func settings(_ text: String) throws -> NotifierSettings {
        let document = try INIDocument(path: "h.conf", text: text)
        return try NotifierSettings(Configuration(documents: [document], environment: [:]))
    }

    private func url(_ text: String) throws -> PublisherURL {
        let root = try YAMLValue(file: "pipeline.yaml", text: "u: '\(text)'").mapping(known: ["u"])
        return try PublisherURL(try #require(root["u"]))
    }

    private func target(_ text: String, _ settings: String = "") throws -> NotifierTarget {
        try NotifierTarget(try url(text), try self.settings(settings))
    }

    private func line(_ text: String, _ settings: String = "") -> String {
        do {
            _ = try target(text, settings)
            return "good"
        } catch {
            return "\(error)"
        }
    }

    private static let transport = "[DEFAULT]\ntransport_url = rabbit://u:s3cret@mq1:5673,u:s3cret@mq2/openstack\n"

    @Test func goesToTheBusOfOpenStack() throws {
        let target = try target("notifier://", Self.transport)
        #expect("\(target.bus)" == "rabbit://mq1:5673,mq2/openstack")
        #expect(target.topics == ["metering"])
        #expect(target.batchSize == 100)
        // Not the hosts: a bus that moves keeps its samples.
        #expect(target.destination == "notifier://?topic=metering")
    }

    @Test func goesToTheBusOfNotificationsWhereThereIsOne() throws {
        let target = try target(
            "notifier://", Self.transport + "[oslo_messaging_notifications]\ntransport_url = rabbit://mq3/\n")
        #expect("\(target.bus)" == "rabbit://mq3/")
    }

    @Test func aFileMayHaveTheURL() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("rabbit://u:s3cret@mq1/v\n", to: "url")
        let target = try target("notifier://", "[DEFAULT]\ntransport_url_file = \(path)\n")
        #expect(target.bus.hosts.first?.password == "s3cret")
    }

    @Test func theURLOfThePublisherNamesAnotherBus() throws {
        let target = try target(
            "notifier://a:b@h1:5672,c:d@h2:5672/v?ssl=1&topic=x&topic=y&heartbeat_timeout_threshold=5",
            Self.transport + "[oslo_messaging_rabbit]\namqp_durable_queues = true\nheartbeat_timeout_threshold = 30\n")
        #expect(target.bus.hosts.map(\.user) == ["a", "c"])
        #expect(target.topics == ["x", "y"])
        #expect(target.busOptions.isTLS)
        #expect(target.busOptions.durable)
        #expect(target.busOptions.heartbeat == 5)
        #expect(target.destination == "notifier://h1:5672,h2:5672/v?topic=x,y")
    }

    @Test func publishersOfSeveralTopicsAreSeveral() throws {
        #expect(
            try target("notifier://h?topic=a").destination != target("notifier://h?topic=b").destination)
    }

    @Test(arguments: [
        "notifier://h", "notifier://h/v?driver=rabbit&max_retry=100&policy=queue&max_queue_length=10",
        "notifier://h?per_meter_topic=1&batch_size=1", "notifier://h?format=polling", "notifier://h?heartbeat_rate=3",
    ])
    func isGood(url: String) { #expect(line(url) == "good") }

    @Test(arguments: [
        ("notifier://", "publisher notifier://: no bus; allowed: [DEFAULT] transport_url = rabbit://"),
        (
            "notifier://u:s3cret@",
            "publisher notifier://u:***@: an empty host; allowed: rabbit://user:password@host:5672,"
        ),
        (
            "notifier://h?driver=kafka",
            "publisher notifier://h?driver=…, option driver: unknown name \"kafka\"; allowed: rabbit"
        ),
        (
            "notifier://h?policy=block",
            "publisher notifier://h?policy=…, option policy: unknown name \"block\"; allowed: one of "
        ),
        (
            "notifier://h?format=pollin",
            "publisher notifier://h?format=…, option format: unknown name \"pollin\"; allowed: one of "
        ),
        ("notifier://h?ssl=maybe", "publisher notifier://h?ssl=…, option ssl: \"maybe\"; allowed: true or false"),
        (
            "notifier://h?batch_size=0",
            "publisher notifier://h?batch_size=…, option batch_size: \"0\"; allowed: a whole number from 1 to 10000"
        ),
    ])
    func isOneClearLine(url: String, expected: String) {
        #expect(line(url).hasPrefix("pipeline.yaml:1: " + expected), "\(line(url))")
        #expect(!line(url).contains("s3cret"))
    }

    @Test(arguments: [
        (
            "[DEFAULT]\ntransport_url = kafka://u:s3cret@h\n",
            "h.conf:2: [DEFAULT] transport_url: the scheme kafka://; allowed: RabbitMQ: rabbit://"
        ),
        (
            "[DEFAULT]\ntransport_url = rabbit://u:s3cret@h?ssl=s3cret\n",
            "h.conf:2: [DEFAULT] transport_url, option ssl: \"s3cret\"; allowed: true or false"
        ),
        (
            "[DEFAULT]\ntransport_url = rabbit://h\ntransport_url_file = /x\n",
            "h.conf:2: [DEFAULT] transport_url: given together with transport_url_file; allowed: one of the two"
        ),
        (
            "[DEFAULT]\ntransport_url_file = /nosuch\n",
            "h.conf:2: [DEFAULT] transport_url_file: \"/nosuch\", which cannot be read: No such file or directory; allowed: "
        ),
    ])
    func namesWhatIsWrongWithTheSettings(settings: String, expected: String) {
        #expect(line("notifier://", settings).hasPrefix(expected), "\(line("notifier://", settings))")
    }

    @Test func aMisspeltOptionIsNamed() throws {
        let error = #expect(throws: Mistake.self) { try made("notifier://h?heartbeat_timeout_treshold=3") }
        #expect(error?.near == ["heartbeat_timeout_threshold"])
    }

    private func sender(_ text: String, _ settings: String = "", secret: String = "") throws -> NotifierSender {
        NotifierSender(
            try target(text, settings),
            PublisherSettings(
                host: "cn1", secret: secret, notifier: try self.settings(settings), log: LogMemory().logger))
    }

    private func notifications(_ bytes: [UInt8]) throws -> [OsloNotification] {
        try bytes.split(separator: UInt8(ascii: "\n")).map { try OsloNotification(body: Array($0)) }
    }

    @Test func aBatchIsOneMessageOfSignedSamples() async throws {
        let sender = try sender("notifier://h", secret: "a secret")
        let sent = try notifications(await sender.encode([.of("a"), .of("b")]))
        #expect(sent.count == 1)
        let heading = try #require(sent.first?.heading)
        #expect(heading.publisherID == "telemetry.publisher.cn1")
        #expect(heading.eventType == "metering")
        #expect(heading.priority == "SAMPLE")
        guard case .array(let samples)? = sent.first?.payload else { throw NotRemote() }
        #expect(samples.map { $0["counter_name"] } == [.string("a"), .string("b")])
        let key = HMACSHA256(key: "a secret")
        #expect(samples.allSatisfy { MessageSigner { key.digest(of: $0) }.verifies($0) })
    }

    @Test func eachMeterMayHaveAMessageOfItsOwnBeside() async throws {
        let sent = try notifications(
            await sender("notifier://h?per_meter_topic=1").encode([.of("b"), .of("a"), .of("b")]))
        #expect(sent.map(\.heading.eventType) == ["metering", "metering.a", "metering.b"])
        #expect(Set(sent.map(\.heading.messageID)).count == 3)
    }

    @Test func theEnvelopeMayBeLeftOut() async throws {
        let bytes = try await sender("notifier://h", "[publisher_notifier]\ntelemetry_driver = messaging\n").encode([
            .of("a")
        ])
        let outer = try WireValue(json: bytes, within: WireLimits(bytes: 100_000))
        #expect(outer["oslo.version"] == nil)
        #expect(outer["event_type"] == .string("metering"))
    }

    /// The keys of an object, in their order, and of the objects in it.
    private static func shape(_ value: WireValue, _ path: String = "") -> [String] {
        guard case .object(let entries) = value else { return [] }
        return entries.flatMap { entry in
            // Metadata differ by resource.
            ["\(path)/\(entry.key)"]
                + (entry.key == "resource_metadata" ? [] : shape(entry.value, "\(path)/\(entry.key)"))
        }
    }

    private static let recorded =
        URL(filePath: #filePath).appending(path: "../../../../shared/cases/ceilometer/notifier-message.json")
        .standardized

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: NotifierTests.recorded.path), "../shared/cases is not here")
    )
    func isAPollingAgentsMessageKeyByKey() async throws {
        let file = try JSONSerialization.jsonObject(with: Data(contentsOf: Self.recorded)) as? [String: Any]
        let theirBody = Array(try #require(file?["body"] as? String).utf8)
        let ourBody = try await sender("notifier://h?format=polling", secret: "change this for valid signing")
            .encode([.of("network.incoming.bytes")])
        let limits = WireLimits(bytes: 10_000_000)
        let (theirs, ours) = (
            try WireValue(json: theirBody, within: limits), try WireValue(json: ourBody, within: limits)
        )
        #expect(Self.shape(ours) == Self.shape(theirs))
        let inner = try [theirs, ours].map {
            try WireValue(json: Array(try $0.text("oslo.message").utf8), within: limits)
        }
        #expect(Self.shape(inner[1]) == Self.shape(inner[0]))
        for key in ["publisher_id", "event_type", "priority"] { #expect(inner[1][key] == inner[0][key]) }
        let samples = inner.compactMap { message -> WireValue? in
            guard case .array(let samples)? = message["payload"]?["samples"] else { return nil }
            return samples.first
        }
        #expect(samples.count == 2)
        #expect(Self.shape(try #require(samples.last)) == Self.shape(try #require(samples.first)))
    }
}
