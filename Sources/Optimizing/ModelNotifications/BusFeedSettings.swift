// SPDX-License-Identifier: Apache-2.0
internal import BusAccess
internal import BusSettings
internal import MessageBus
package import Settings

/// Which notifications models are kept up to date by, and where from.
package struct BusFeedSettings: Sendable {
    static let topics = Setting(
        "notification_topics", in: "watcher_decision_engine",
        default: ["nova.versioned_notifications", "openstack.notifications"],
        help: "The notifications that keep models up to date between two synchronisations, as exchange.topic, or topic "
            + "alone for the exchange of [DEFAULT] control_exchange; those of the priority info. They come off "
            + "[DEFAULT] transport_url by a queue of our own, so that nobody else gets fewer.")

    package static let all = [AnySetting(topics)] + TransportSettings.all

    let url: BusURL
    let options: BusOptions
    let queue: BusQueue

    /// Nil where there is no bus, or nothing is to be taken off it.
    ///
    /// - Parameter host: who listens, for those who look at the broker.
    package init?(_ configuration: Configuration, host: String) throws(Mistake) {
        let transport = try TransportSettings(configuration)
        let names = try configuration.value(Self.topics)
        guard let text = transport.url, !names.isEmpty else { return nil }
        var options = try BusOptions(transport)
        url = try BusURL(text, &options)
        self.options = options
        var bindings: [BusQueue.Binding] = []
        for name in names {
            let words = name.split(separator: ".", omittingEmptySubsequences: false)
            guard words.count < 3, !words.contains("") else {
                throw Mistake(
                    configuration.place(of: Self.topics.section, Self.topics.name) ?? .init("built-in configuration"),
                    "[\(Self.topics.section)] \(Self.topics.name)", found: name.quoted,
                    allowed: "exchange.topic, or topic")
            }
            bindings.append(
                .init(
                    exchange: words.count == 2 ? String(words[0]) : transport.controlExchange,
                    routingKey: "\(words.last ?? "").info"))
        }
        queue = BusQueue("hypsometer-models.\(host)", bindings: bindings, isOwn: true)
    }
}
