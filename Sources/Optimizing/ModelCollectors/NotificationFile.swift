// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Notifications as files hold them.
public enum NotificationFile {
    /// Reads a JSON array, or JSON texts one a line, of notifications: objects with `event_type`, `publisher_id` and
    /// `payload`, bare or in the envelope that oslo.messaging sends (`oslo.message`), or in what a broker's tool saved
    /// with that as its `body`.
    ///
    /// - Throws: ``JSONError`` or ``ModelFormatError``, with what is wrong.
    public static func read(_ text: String) throws -> [Notification] {
        var values: [JSONValue] = []
        let first = text.first { !$0.isWhitespace }
        if let value = try? JSONValue(parsing: text) {
            values = value.array ?? [value]
        } else if first == "[" {
            values = try JSONValue(parsing: text).array ?? []  // throws: what is wrong in it is to be told
        } else {
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where line.contains(where: { !$0.isWhitespace }) {
                do {
                    values.append(try JSONValue(parsing: String(line)))
                } catch {
                    throw ModelFormatError("line \(index + 1): \(error.message)")
                }
            }
        }
        return try values.enumerated().map { index, value in try notification(value, number: index + 1) }
    }

    private static func notification(_ value: JSONValue, number: Int) throws -> Notification {
        var value = value
        for wrapping in ["body", "oslo.message"] {
            if let text = value[wrapping]?.string { value = try JSONValue(parsing: text) }
        }
        guard let type = value["event_type"]?.string else {
            throw ModelFormatError("notification \(number) has no event_type, which tells what happened")
        }
        return Notification(
            publisherID: value["publisher_id"]?.string, eventType: type, payload: value["payload"] ?? .null,
            metadata: [
                "message_id": value["message_id"] ?? .null, "timestamp": value["timestamp"] ?? .null,
            ])
    }
}
