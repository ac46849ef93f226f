// SPDX-License-Identifier: Apache-2.0
package import BusSettings
package import MessageBus
package import Settings

// How the rooms that speak with a message bus learn which one and how. It stands above the settings and above the door,
// which know nothing of each other.

extension BusOptions {
    /// What `[oslo_messaging_rabbit]` says.
    package init(_ settings: TransportSettings) throws(Mistake) {
        self.init()
        for option in settings.options {
            do throws(BusMistake) {
                try set(String(option.name.split(separator: " ").last ?? ""), option.value)
            } catch {
                throw Mistake(option.place, option.name, found: error.found, allowed: error.allowed)
            }
        }
    }
}

extension BusURL {
    /// - Parameter options: with what the URL says of them afterwards.
    package init(_ text: TransportSettings.Text, _ options: inout BusOptions) throws(Mistake) {
        do throws(BusMistake) {
            try self.init(text.value)
            try options.take(self)
        } catch {
            throw Mistake(error, inURL: text.name, at: text.place)
        }
    }
}

extension Mistake {
    /// - Parameter name: what holds the URL.
    package init(_ mistake: BusMistake, inURL name: String, at place: Place) {
        let option = mistake.option.map { ", option \($0)" } ?? ""
        self.init(place, name + option, found: mistake.found, allowed: mistake.allowed)
    }
}
