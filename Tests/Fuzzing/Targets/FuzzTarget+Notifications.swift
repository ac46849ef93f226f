// SPDX-License-Identifier: Apache-2.0
internal import Notifications

/// What services announce, read by definitions as they ship.
extension FuzzTarget {
    static let notifications = [
        FuzzTarget("notifications") { bytes in
            guard let notification = try? ReceivedNotification(body: bytes) else { return }
            _ = try? notification.message()
            _ = try? await processor.process(notification)
        }
    ]

    private static let processor = NotificationProcessor(
        NotificationHandlers(meters: shippedMeters, events: shippedEvents, rawPriorities: ["info", "error"]))

    private static let shippedMeters = try? MeterDefinitions(files: [("meters.yaml", shipped("meters.d/meters.yaml"))])
    private static let shippedEvents = try? EventDefinitions(
        file: "event_definitions.yaml", text: shipped("event_definitions.yaml"))
}
