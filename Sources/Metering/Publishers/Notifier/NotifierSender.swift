// SPDX-License-Identifier: Apache-2.0
internal import BusSettings
internal import MessageBus
internal import Pipelines
internal import Settings
internal import Telemetry
internal import Wire

/// `notifier://`: metering messages over a message bus, many in each message, as Ceilometer's notifier publisher sends
/// them, or its polling agent.
///
/// A batch counts as taken once the broker has confirmed it: it is in the queue that bears the name of its routing key,
/// which is declared first, whoever will take it from there. A batch whose connection breaks is sent again, with the
/// same message ids.
actor NotifierSender: Sender {
    static func registration(_ settings: PublisherSettings) -> PublisherRegistration {
        PublisherRegistration(scheme: "notifier", options: NotifierTarget.options) {
            url throws(Mistake) -> any Sender in
            NotifierSender(try NotifierTarget(url, settings.notifier), settings)
        }
    }

    private static let lineFeed = UInt8(ascii: "\n")

    nonisolated let batchSize: Int
    nonisolated let destination: String?
    private let target: NotifierTarget
    private let host: String
    private let settings: NotifierSettings
    private var messages: MeteringMessages
    private let bus: BusPublisher

    init(_ target: NotifierTarget, _ settings: PublisherSettings) {
        self.target = target
        batchSize = target.batchSize
        destination = target.destination
        host = settings.host
        self.settings = settings.notifier
        messages = MeteringMessages(signer: settings.signer)
        bus = BusPublisher(to: target.bus, target.busOptions)
    }

    /// The bodies of messages, one a line: JSON escapes line feeds.
    func encode(_ samples: [Sample]) -> [UInt8] {
        let texts = messages.json(samples)
        switch target.form {
        case .polling:
            let heading = OsloHeading(
                publisherID: "ceilometer.polling", eventType: "telemetry.polling", priority: "SAMPLE")
            return heading.body(around: Array("{\"samples\":".utf8) + Self.list(texts[...]) + Array("}".utf8), form)
        case .metering:
            var bodies = [heading(settings.meteringTopic).body(around: Self.list(texts[...]), form)]
            if target.isPerMeter {
                let groups = Dictionary(grouping: samples.indices) { samples[$0].name }
                for (meter, indices) in groups.sorted(by: { $0.key < $1.key }) {
                    let heading = heading("\(settings.meteringTopic).\(meter)")
                    bodies.append(heading.body(around: Self.list(indices.map { texts[$0] }[...]), form))
                }
            }
            return Array(bodies.joined(separator: [Self.lineFeed]))
        }
    }

    func send(_ batch: [UInt8]) async throws -> [DeadLetter] {
        var letters: [DeadLetter] = []
        for body in batch.split(separator: Self.lineFeed) { letters += try await publish(Array(body)) }
        return letters
    }

    private func publish(_ body: [UInt8]) async throws -> [DeadLetter] {
        let messages = target.topics.map { topic in
            BusMessage(exchange: settings.transport.controlExchange, routingKey: "\(topic).sample", body: body)
        }
        do throws(BusError) {
            try await bus.publish(messages)
            return []
        } catch {
            guard error.isTooLarge else { throw error }
            return try await publishHalves(of: body, error)
        }
    }

    /// The broker has a bound of its own, which halves may pass.
    private func publishHalves(of body: [UInt8], _ error: BusError) async throws -> [DeadLetter] {
        var notification = try OsloNotification(body: body)
        let samples = notification.samples
        guard samples.count > 1 else {
            var text: [UInt8] = []
            text.appendJSON(samples.first ?? notification.payload)
            return [DeadLetter(sample: text, reason: "\(error)")]
        }
        var letters: [DeadLetter] = []
        for half in [samples.prefix(samples.count / 2), samples.dropFirst(samples.count / 2)] {
            let list = WireValue.array(Array(half))
            notification.payload = target.form == .polling ? .object([.init("samples", list)]) : list
            notification.heading.messageID = SampleID().description
            notification.heading.uniqueID = SampleID().description.filter { $0 != "-" }
            letters += try await publish(notification.body(form))
        }
        return letters
    }

    private var form: OsloHeading.Form { settings.hasEnvelope ? .envelope : .bare }

    private func heading(_ eventType: String) -> OsloHeading {
        OsloHeading(publisherID: "telemetry.publisher.\(host)", eventType: eventType, priority: "SAMPLE")
    }

    private static func list(_ texts: ArraySlice<[UInt8]>) -> [UInt8] {
        [UInt8(ascii: "[")] + texts.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")]
    }
}

extension OsloNotification {
    /// Metering messages of either form.
    fileprivate var samples: [WireValue] {
        switch payload["samples"] ?? payload {
        case .array(let samples): samples
        default: []
        }
    }
}
