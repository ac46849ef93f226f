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
        do {
            return try Notification(message: value["body"]?.string.map { try JSONValue(parsing: $0) } ?? value)
        } catch let error as ModelFormatError {
            throw ModelFormatError("notification \(number) has \(error)")
        }
    }
}
