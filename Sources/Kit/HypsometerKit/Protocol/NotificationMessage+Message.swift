// SPDX-License-Identifier: Apache-2.0
package import JSONText
package import Telemetry

extension NotificationMessage {
    package init(message value: WireValue) throws(WireError) {
        self.init(
            eventType: try value.text("event_type"), publisherID: try value.text("publisher_id"),
            priority: try value.optionalText("priority") ?? "info",
            messageID: try value.optionalText("message_id") ?? "",
            timestamp: try value.timestamp("timestamp") ?? .now, payload: try value.metadata("payload"),
            context: try value.metadata("context"))
    }

    package var message: WireValue {
        .object([
            "event_type": .string(eventType), "publisher_id": .string(publisherID), "priority": .string(priority),
            "message_id": .string(messageID), "timestamp": .string(timestamp.description),
            "payload": WireValue(payload),
            "context": WireValue(context),
        ])
    }
}
