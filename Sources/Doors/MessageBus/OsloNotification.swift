// SPDX-License-Identifier: Apache-2.0
package import JSONText

/// A notification of oslo.messaging, in its envelope 2.0 or bare.
///
///     {"oslo.version": "2.0", "oslo.message": "{\"message_id\": …, \"payload\": …}"}
package struct OsloNotification: Sendable, Hashable {
    package var heading: OsloHeading
    package var payload: WireValue

    package init(heading: OsloHeading, payload: WireValue) {
        self.heading = heading
        self.payload = payload
    }

    /// Reads a body as it came off the bus.
    package init(body: [UInt8]) throws(WireError) {
        let limits = WireLimits(bytes: body.count)
        var message = try WireValue(json: body, within: limits)
        if let version = try message.optionalText("oslo.version") {
            guard version.split(separator: ".").first == "2" else {
                throw WireError("oslo.version", found: "\(version.prefix(20))", allowed: "2.0")
            }
            let text = try message.text("oslo.message")
            do throws(WireError) {
                message = try WireValue(json: Array(text.utf8), within: limits)
            } catch {
                throw error.inside("oslo.message")
            }
        }
        guard case .object(let entries) = message else {
            throw WireError("message", found: message.shown, allowed: "an object")
        }
        guard let payload = message["payload"] else {
            throw WireError("payload", found: "nothing", allowed: "what the notification is about")
        }
        heading = OsloHeading(
            messageID: try message.optionalText("message_id") ?? "",
            publisherID: try message.optionalText("publisher_id") ?? "",
            eventType: try message.optionalText("event_type") ?? "",
            priority: try message.optionalText("priority") ?? "",
            timestamp: try message.optionalText("timestamp") ?? "", uniqueID: try message.optionalText("_unique_id"))
        heading.context = entries.compactMap { entry in
            entry.key.hasPrefix(OsloHeading.contextPrefix)
                ? WireValue.Entry(String(entry.key.dropFirst(OsloHeading.contextPrefix.count)), entry.value) : nil
        }
        self.payload = payload
    }

    package func body(_ form: OsloHeading.Form = .envelope) -> [UInt8] {
        var json: [UInt8] = []
        json.appendJSON(payload)
        return heading.body(around: json, form)
    }
}
