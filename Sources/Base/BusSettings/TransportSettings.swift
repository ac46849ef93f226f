// SPDX-License-Identifier: Apache-2.0
package import Settings

/// Which message bus there is and how it is spoken with, in the settings of oslo.messaging, for all who speak with one.
/// What they mean is for who does to check: here they are texts with their places.
package struct TransportSettings: Sendable, Hashable {
    package struct Text: Sendable, Hashable {
        /// As the setting is named.
        package var name: String
        package var value: String
        package var place: Mistake.Place
    }

    /// With passwords; nil where none is set.
    package var url: Text?
    /// What `[oslo_messaging_rabbit]` says.
    package var options: [Text]
    package var controlExchange: String
    /// `[oslo_messaging_notifications] topics`
    package var topics: [String]

    package static let all =
        [
            AnySetting(BusSettings.url), AnySetting(BusSettings.urlFile), AnySetting(BusSettings.controlExchange),
            AnySetting(BusSettings.notificationsURL), AnySetting(BusSettings.topics),
        ] + BusSettings.options

    package init(_ configuration: Configuration) throws(Mistake) {
        url = try Self.url(configuration)
        options = BusSettings.options.compactMap { setting in
            configuration.text(of: setting).map {
                Text(name: "[\(setting.section)] \(setting.name)", value: $0.value, place: $0.place)
            }
        }
        controlExchange = try configuration.value(BusSettings.controlExchange)
        topics = try configuration.value(BusSettings.topics)
    }

    /// Where nothing is set.
    package init(controlExchange: String = "ceilometer", topics: [String] = ["notifications"]) {
        options = []
        self.controlExchange = controlExchange
        self.topics = topics
    }

    private static func url(_ configuration: Configuration) throws(Mistake) -> Text? {
        let file = try configuration.value(BusSettings.urlFile)
        let place = configuration.place(of: "DEFAULT", BusSettings.urlFile.name) ?? .init("built-in configuration")
        for setting in [BusSettings.notificationsURL, BusSettings.url] {
            let value = try configuration.value(setting)
            guard !value.isEmpty, let place = configuration.place(of: setting.section, setting.name) else { continue }
            guard setting.section != "DEFAULT" || file.isEmpty else {
                throw Mistake(
                    place, "[DEFAULT] transport_url", found: "given together with transport_url_file",
                    allowed: "one of the two")
            }
            return Text(name: "[\(setting.section)] transport_url", value: value, place: place)
        }
        if file.isEmpty { return nil }
        let text: String
        do throws(Mistake) {
            text = try TextFile.read(file)
        } catch {
            throw Mistake(
                place, "[DEFAULT] transport_url_file", found: "\(file.quoted), which \(error.found)",
                allowed: "a file that this user may read")
        }
        let line = String(text.prefix { !$0.isNewline })
        return Text(name: "transport_url", value: line, place: .init(file, line: 1))
    }
}
