// SPDX-License-Identifier: Apache-2.0
internal import BusAccess
internal import MessageBus
internal import Settings

/// Reads where notifications come from: buses, exchanges, topics, priorities.
struct BusReading {
    let configuration: Configuration

    func sources(isNeeded: Bool, remarks: inout [String]) throws(Mistakes) -> NotificationSetup.Sources {
        var mistakes = Mistakes()
        let options = self.options(&mistakes)
        let buses = mistakes.collectAll { () throws(Mistakes) in try urls(options) } ?? []
        if isNeeded, buses.isEmpty, mistakes.isEmpty {
            mistakes.add(
                Mistake(
                    .init("configuration"), "[notification] messaging_urls", found: "no message bus",
                    allowed: "rabbit://user:password@host:5672/vhost, there or in [DEFAULT] transport_url"))
        }
        try mistakes.throwIfAny()
        do throws(Mistake) {
            let exchanges = try configuration.value(NotificationSettings.exchanges)
            let topics = try configuration.value(NotificationSettings.topics)
            let priorities = try configuration.value(NotificationSettings.priorities)
            if topics.contains("versioned_notifications"), topics.count > 1 {
                remarks.append(
                    "[oslo_messaging_notifications] topics has versioned_notifications and others: where nova has "
                        + "notification_format = both, each of its notifications gives its samples twice")
            }
            return NotificationSetup.Sources(
                buses: buses, options: options,
                queues: topics.flatMap { topic in
                    priorities.map { BusQueue(routingKey: "\(topic).\($0)", exchanges: exchanges) }
                }, workers: try configuration.value(NotificationSettings.workers),
                batchSize: try configuration.value(NotificationSettings.batchSize))
        } catch {
            throw Mistakes([error])
        }
    }

    private func options(_ mistakes: inout Mistakes) -> BusOptions {
        let section = "oslo_messaging_rabbit"
        var options = BusOptions()
        for (name, text) in configuration.texts(in: section).sorted(by: { $0.key < $1.key }) {
            do throws(BusMistake) {
                try options.set(name, text)
            } catch {
                let place = configuration.place(of: section, name) ?? .init("configuration")
                mistakes.add(
                    Mistake(place, "[\(section)] \(name)", found: error.found, allowed: error.allowed))
            }
        }
        return options
    }

    private func urls(_ options: BusOptions) throws(Mistakes) -> [BusURL] {
        var mistakes = Mistakes()
        let (text, name, place) = try written()
        var urls: [BusURL] = []
        for (index, word) in text.split(whereSeparator: \.isWhitespace).enumerated() {
            do throws(BusMistake) {
                let url = try BusURL(String(word))
                var own = options
                try own.take(url)
                if !urls.contains(url) { urls.append(url) }
            } catch {
                mistakes.add(Mistake(error, inURL: "\(name), URL \(index + 1)", at: place))
            }
        }
        try mistakes.throwIfAny()
        return urls
    }

    private func written() throws(Mistakes) -> (text: String, name: String, place: Mistake.Place) {
        do throws(Mistake) {
            let file = try configuration.value(NotificationSettings.messagingURLsFile)
            let urls = try configuration.value(NotificationSettings.messagingURLs)
            let urlsName = "[notification] messaging_urls"
            let place = configuration.place(of: "notification", "messaging_urls") ?? .init("built-in configuration")
            if !file.isEmpty {
                guard urls.isEmpty else {
                    throw Mistake(
                        place, urlsName, found: "given together with messaging_urls_file", allowed: "one of the two")
                }
                return (try TextFile.read(file), "[notification] messaging_urls_file", .init(file))
            }
            if !urls.isEmpty { return (urls, urlsName, place) }
            return (
                try configuration.value(NotificationSettings.transportURL), "[DEFAULT] transport_url",
                configuration.place(of: "DEFAULT", "transport_url") ?? .init("built-in configuration")
            )
        } catch {
            throw Mistakes([error])
        }
    }
}
