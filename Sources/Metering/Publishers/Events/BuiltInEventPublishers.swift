// SPDX-License-Identifier: Apache-2.0
package import Pipelines

/// The publishers of events that come with us.
package enum BuiltInEventPublishers {
    package static let all: [EventPublisherRegistration] = [
        EventPublishers.standardOutput, EventPublishers.file, EventPublishers.discard,
        EventPublishers.http(scheme: "http"), EventPublishers.http(scheme: "https"),
    ]
}
