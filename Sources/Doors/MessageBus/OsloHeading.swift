// SPDX-License-Identifier: Apache-2.0
package import JSONText
package import Telemetry

/// All of a notification but what it is about.
package struct OsloHeading: Sendable, Hashable {
    package enum Form: Sendable, Hashable {
        /// oslo's driver `messagingv2`.
        case envelope
        /// oslo's driver `messaging`.
        case bare
    }

    static let contextPrefix = "_context_"

    /// A UUID; empty where the sender gave none.
    package var messageID: String
    /// `nova-compute.cn1`
    package var publisherID: String
    /// `compute.instance.create.end`
    package var eventType: String
    /// `INFO`, `ERROR`, `SAMPLE`, …
    package var priority: String
    /// As the sender writes it: `2026-11-21 03:16:50.037891`, UTC.
    package var timestamp: String
    /// Of one sending: what comes with one that came before is the same message again.
    package var uniqueID: String?
    /// Who caused it: `project_id`, `user_id`, …, without oslo's `_context_` before.
    package var context: [WireValue.Entry] = []

    package init(
        messageID: String, publisherID: String, eventType: String, priority: String, timestamp: String,
        uniqueID: String?
    ) {
        self.messageID = messageID
        self.publisherID = publisherID
        self.eventType = eventType
        self.priority = priority
        self.timestamp = timestamp
        self.uniqueID = uniqueID
    }

    /// One of a new message, sent now.
    package init(publisherID: String, eventType: String, priority: String, now: Timestamp = .now) {
        let time = now.description
        self.init(
            messageID: SampleID().description, publisherID: publisherID, eventType: eventType, priority: priority,
            // Python's str(): a space, and six digits where there are any.
            timestamp: time.replacing("T", with: " ", maxReplacements: 1),
            uniqueID: SampleID().description.filter { $0 != "-" })
    }

    /// The message as it goes over the bus, keys in oslo's order.
    ///
    /// - Parameter payload: a JSON text.
    package func body(around payload: [UInt8], _ form: Form = .envelope) -> [UInt8] {
        var json: [UInt8] = []
        json.reserveCapacity(payload.count + 400)
        json.append("{\"message_id\":")
        json.appendJSON(messageID)
        json.append(",\"publisher_id\":")
        json.appendJSON(publisherID)
        json.append(",\"event_type\":")
        json.appendJSON(eventType)
        json.append(",\"priority\":")
        json.appendJSON(priority)
        json.append(",\"payload\":")
        json += payload
        json.append(",\"timestamp\":")
        json.appendJSON(timestamp)
        if let uniqueID {
            json.append(",\"_unique_id\":")
            json.appendJSON(uniqueID)
        }
        for entry in context {
            json.append(",")
            json.appendJSON(Self.contextPrefix + entry.key)
            json.append(":")
            json.appendJSON(entry.value)
        }
        json.append("}")
        if form == .bare { return json }
        var body: [UInt8] = []
        body.reserveCapacity(json.count + json.count / 4)
        body.append("{\"oslo.version\":\"2.0\",\"oslo.message\":")
        body.appendJSON(String(decoding: json, as: UTF8.self))
        body.append("}")
        return body
    }
}
