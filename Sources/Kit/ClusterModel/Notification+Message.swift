// SPDX-License-Identifier: Apache-2.0

extension Notification {
    private static let contextPrefix = "_context_"

    /// Reads a message as oslo.messaging sends it: bare, or as JSON text in an envelope (`oslo.message`).
    ///
    /// - Throws: ``JSONError`` where the envelope holds no JSON, ``ModelFormatError`` where nothing says what happened.
    public init(message: JSONValue) throws {
        let message = try message["oslo.message"]?.string.map { try JSONValue(parsing: $0) } ?? message
        guard let type = message["event_type"]?.string else {
            throw ModelFormatError("no event_type, which tells what happened")
        }
        let context = JSONObject(
            (message.object?.entries ?? []).compactMap { entry in
                guard entry.key.hasPrefix(Self.contextPrefix) else { return nil }
                return (String(entry.key.dropFirst(Self.contextPrefix.count)), entry.value)
            })
        self.init(
            publisherID: message["publisher_id"]?.string, eventType: type, payload: message["payload"] ?? .null,
            metadata: [
                "message_id": message["message_id"] ?? .null, "timestamp": message["timestamp"] ?? .null,
            ], context: .object(context))
    }
}
