// SPDX-License-Identifier: Apache-2.0
internal import BusSettings
package import Settings

/// What operators set for notifier publishers.
package struct NotifierSettings: Sendable, Hashable {
    static let meteringTopic = Setting(
        "metering_topic", in: "publisher_notifier", default: "metering",
        help: "The topic of notifier publishers that name none, and the event type of their messages: the queue bears "
            + "the topic's name and .sample.", allowed: "a name", check: { !$0.isEmpty })

    static let driver = Setting(
        "telemetry_driver", in: "publisher_notifier", default: "messagingv2", oneOf: ["messagingv2", "messaging"],
        help: "The form of their messages: with the envelope of oslo.messaging 2.0, or, messaging, without.")

    package static let all = [AnySetting(meteringTopic), AnySetting(driver)] + TransportSettings.all

    var meteringTopic = "metering"
    var hasEnvelope = true
    var transport = TransportSettings()

    package init(_ configuration: Configuration) throws(Mistake) {
        meteringTopic = try configuration.value(Self.meteringTopic)
        hasEnvelope = try configuration.value(Self.driver) == "messagingv2"
        transport = try TransportSettings(configuration)
    }

    /// As they are where nothing is set.
    package init() {}
}
