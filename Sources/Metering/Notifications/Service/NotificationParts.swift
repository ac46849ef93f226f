// SPDX-License-Identifier: Apache-2.0
package import Pipelines
package import Settings

/// What the front door hands to the notification service, which knows no plug-in by name.
package struct NotificationParts: Sendable {
    package var plugins: [NotificationPluginEntry]
    package var publishers: [PublisherRegistration]
    package var eventPublishers: [EventPublisherRegistration]

    package init(
        plugins: [NotificationPluginEntry], publishers: [PublisherRegistration],
        eventPublishers: [EventPublisherRegistration]
    ) {
        self.plugins = plugins
        self.publishers = publishers
        self.eventPublishers = eventPublishers
    }
}

/// Makes plug-ins from what an operator set.
package protocol NotificationPartsSource: Sendable {
    /// The settings that the plug-ins read.
    var settings: [AnySetting] { get }

    func parts(for configuration: Configuration) throws(Mistakes) -> NotificationParts
}
