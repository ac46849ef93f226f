// SPDX-License-Identifier: Apache-2.0
package import JSONText
package import Telemetry

/// A notification as a service put it on the bus, out of its envelope.
package struct ReceivedNotification: Sendable, Hashable {
    /// The largest that is read, in bytes, and how deep its payload may go.
    package static let limits = WireLimits(bytes: 16 << 20, depth: 64)

    package let eventType: String
    package let publisherID: String
    /// `info`, `error`, … in small letters.
    package let priority: String
    package let messageID: String
    package let timestamp: Timestamp
    /// Usually an object.
    package let payload: WireValue
    /// Of the request that caused it, without the `_context_` before each key.
    package let context: [WireValue.Entry]
    /// As it was sent.
    let timestampText: String

    /// Reads what a message's body holds: a notification in oslo.messaging's envelope (its format 2), or bare (format 1).
    package init(body: [UInt8]) throws(WireError) {
        let outer = try WireValue(json: body, within: Self.limits)
        guard case .object = outer else {
            throw WireError("message", found: outer.shown, allowed: "an object")
        }
        guard let envelope = outer["oslo.message"] else {
            try self.init(outer)
            return
        }
        if let version = outer["oslo.version"] {
            guard case .string(let text) = version, text.hasPrefix("2.") else {
                throw WireError("oslo.version", found: version.shown, allowed: "\"2.0\"")
            }
        }
        let inner: WireValue
        switch envelope {
        case .string(let text):
            do throws(WireError) {
                inner = try WireValue(json: Array(text.utf8), within: Self.limits)
            } catch {
                throw error.inside("oslo.message")
            }
        case .object: inner = envelope
        default: throw WireError("oslo.message", found: envelope.shown, allowed: "a notification as JSON text")
        }
        guard inner["oslo.message"] == nil else {
            throw WireError("oslo.message", found: "an envelope within the envelope", allowed: "a notification")
        }
        do throws(WireError) {
            try self.init(inner)
        } catch {
            throw error.inside("oslo.message")
        }
    }

    private init(_ message: WireValue) throws(WireError) {
        guard case .object(let entries) = message else {
            throw WireError("notification", found: message.shown, allowed: "an object")
        }
        eventType = try Self.text("event_type", of: message)
        publisherID = try Self.text("publisher_id", of: message)
        messageID = try Self.text("message_id", of: message)
        priority = try message.optionalText("priority")?.lowercased() ?? "info"
        timestampText = try message.text("timestamp")
        guard let timestamp = try message.timestamp("timestamp") else {
            throw WireError("timestamp", found: "nothing", allowed: "a time such as 2026-11-21 03:16:50.035734")
        }
        self.timestamp = timestamp
        guard let payload = message["payload"] else {
            throw WireError("payload", found: "nothing", allowed: "what the notification tells, usually an object")
        }
        self.payload = payload
        context = entries.compactMap { entry in
            guard entry.key.hasPrefix(Self.contextPrefix) else { return nil }
            return WireValue.Entry(String(entry.key.dropFirst(Self.contextPrefix.count)), entry.value)
        }
    }

    static let contextPrefix = "_context_"

    private static func text(_ key: String, of message: WireValue) throws(WireError) -> String {
        let text = try message.text(key)
        guard !text.isEmpty else { throw WireError(key, found: "\"\"", allowed: "a text, not empty") }
        return text
    }

    /// As plug-ins are given it. A payload that is no object is empty there.
    package func message() throws(WireError) -> NotificationMessage {
        NotificationMessage(
            eventType: eventType, publisherID: publisherID, priority: priority, messageID: messageID,
            timestamp: timestamp, payload: try payloadMetadata(), context: try Metadata(context))
    }

    func payloadMetadata() throws(WireError) -> Metadata {
        guard case .object(let entries) = payload else { return [:] }
        return try Metadata(entries)
    }
}
