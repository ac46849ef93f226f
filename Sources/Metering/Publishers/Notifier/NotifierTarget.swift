// SPDX-License-Identifier: Apache-2.0
internal import BusAccess
internal import BusSettings
internal import MessageBus
internal import Pipelines
internal import Settings

/// Which bus, which topics and which form of message the URL of a notifier names:
/// `notifier://[user:password@host:port,…[/vhost]]?topic=…&option=value`.
struct NotifierTarget: Sendable {
    enum Form: String, Sendable, Hashable {
        /// What Ceilometer's notifier publisher sends: a list of metering messages.
        case metering
        /// What Ceilometer's polling agents send, which its notification agent takes.
        case polling
    }

    private static let own: Set<String> = [
        "topic", "driver", "max_retry", "policy", "max_queue_length", "per_meter_topic", "batch_size", "format",
    ]
    static let options = own.union(BusOptions.names).union(BusOptions.withoutEffect)

    let bus: BusURL
    let busOptions: BusOptions
    let topics: [String]
    let form: Form
    let isPerMeter: Bool
    let batchSize: Int
    /// Where it leads to, as far as it is worth to wait for: a bus that moves keeps its samples.
    let destination: String

    init(_ url: PublisherURL, _ settings: NotifierSettings) throws(Mistake) {
        guard let form = Form(rawValue: url.options["format"] ?? "metering") else {
            throw Self.mistake(url, "format", ["metering", "polling"])
        }
        guard ["rabbit", "kombu", "amqp", "amqps"].contains(url.options["driver"] ?? "rabbit") else {
            throw Self.mistake(url, "driver", ["rabbit"])
        }
        // The spool does what each of them is for: nothing blocks, nothing is lost, and the oldest goes where it is full.
        guard ["default", "queue", "drop"].contains(url.options["policy"] ?? "default") else {
            throw Self.mistake(url, "policy", ["default", "queue", "drop"])
        }
        _ = try url.integer("max_retry", -1...Int.max)
        _ = try url.integer("max_queue_length", 1...Int.max)
        isPerMeter = try url.integer("per_meter_topic", 0...1) == 1
        batchSize = try url.integer("batch_size", 1...10_000) ?? 100
        self.form = form
        let named = url.values("topic")
        let standard = form == .metering ? [settings.meteringTopic] : settings.transport.topics
        topics = named.isEmpty ? standard : named
        guard !topics.isEmpty, topics.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 200 }) else {
            throw Mistake(
                url.place, "publisher \(url.shown), option topic", found: "no name", allowed: "1 to 200 letters")
        }
        var options = try BusOptions(settings.transport)
        bus = try Self.bus(url, settings, &options)
        busOptions = options
        let host = url.location.isEmpty ? "" : String("\(bus)".trimmingPrefix { $0 != "/" }.dropFirst(2))
        destination = "notifier://\(host)?topic=\(topics.joined(separator: ","))"
    }

    private static func bus(
        _ url: PublisherURL, _ settings: NotifierSettings, _ options: inout BusOptions
    ) throws(Mistake) -> BusURL {
        let bus: BusURL
        if url.location.isEmpty {
            guard let transport = settings.transport.url else {
                throw Mistake(
                    url.place, "publisher \(url.shown)", found: "no bus",
                    allowed: "[DEFAULT] transport_url = rabbit://user:password@host:5672/vhost, or "
                        + "notifier://user:password@host:5672/vhost")
            }
            bus = try BusURL(transport, &options)
        } else {
            do throws(BusMistake) {
                bus = try BusURL("\(url.options["driver"] ?? "rabbit")://\(url.location)")
                try options.take(bus)
            } catch {
                throw Mistake(url.place, "publisher \(url.shown)", found: error.found, allowed: error.allowed)
            }
        }
        for (name, value) in url.options.sorted(by: { $0.key < $1.key }) where !own.contains(name) {
            do throws(BusMistake) { try options.set(name, value) } catch {
                throw Mistake(
                    url.place, "publisher \(url.shown), option \(name)", found: error.found, allowed: error.allowed)
            }
        }
        return bus
    }

    private static func mistake(_ url: PublisherURL, _ option: String, _ words: [String]) -> Mistake {
        Mistake(
            url.place, "publisher \(url.shown), option \(option)", unknown: url.options[option] ?? "", among: words)
    }
}
