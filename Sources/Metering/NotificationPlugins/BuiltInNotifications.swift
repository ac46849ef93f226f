// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// The notification plug-ins that come with us, by the names that they go by.
package enum BuiltInNotifications {
    package static let all: [(name: String, plugin: any NotificationPlugin)] = [
        ("instance", InstanceNotifications()), ("hardware.ipmi", IronicSensors()),
        ("http.request", HTTPRequests()), ("_sample", PolledSamples()),
    ]
}
