// SPDX-License-Identifier: Apache-2.0
internal import BusAccess
internal import BusSettings
package import MessageBus
internal import Settings

/// The message bus that samples are taken off.
package struct CollectorBus: Sendable, Hashable {
    package var url: BusURL
    package var options: BusOptions
    package var exchange: String
    /// At least one; a queue is a topic with `.sample`.
    package var topics: [String]

    /// nil where nothing is taken that way.
    init?(_ configuration: Configuration) throws(Mistake) {
        topics = try configuration.value(CollectorSettings.busTopics)
        if topics.isEmpty { return nil }
        let transport = try TransportSettings(configuration)
        guard let text = transport.url else {
            throw Mistake(
                configuration.place(of: "collector", CollectorSettings.busTopics.name)
                    ?? .init("built-in configuration"),
                "[collector] bus_topics", found: "topics, and no bus",
                allowed: "[DEFAULT] transport_url = rabbit://user:password@host:5672/vhost beside it")
        }
        exchange = transport.controlExchange
        options = try BusOptions(transport)
        url = try BusURL(text, &options)
    }
}
