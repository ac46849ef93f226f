// SPDX-License-Identifier: Apache-2.0
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
        options = BusOptions()
        for option in transport.options {
            do throws(BusMistake) {
                try options.set(String(option.name.split(separator: " ").last ?? ""), option.value)
            } catch {
                throw Mistake(option.place, option.name, found: error.found, allowed: error.allowed)
            }
        }
        do throws(BusMistake) {
            url = try BusURL(text.value)
            try options.take(url)
        } catch {
            let option = error.option.map { ", option \($0)" } ?? ""
            throw Mistake(text.place, text.name + option, found: error.found, allowed: error.allowed)
        }
    }
}
