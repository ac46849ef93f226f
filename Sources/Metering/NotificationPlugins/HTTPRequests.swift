// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// Requests that a service was asked and answers that it gave, as the audit middleware tells of them: one each.
struct HTTPRequests: NotificationPlugin {
    let eventTypes = ["http.request", "http.response"]

    func process(_ notification: NotificationMessage) throws -> [Sample] {
        guard let request = notification.payload.object("request"), let id = request.text("HTTP_X_SERVICE_NAME") else {
            throw MissingField("payload has no request with HTTP_X_SERVICE_NAME")
        }
        let service = Resource(
            id: id, projectID: request.text("HTTP_X_PROJECT_ID"), userID: request.text("HTTP_X_USER_ID"),
            metadata: notification.wholePayload)
        let unit = String(notification.eventType.dropFirst("http.".count))
        let meter = Meter(notification.eventType, .delta, unit: unit)
        return [Sample(meter, 1, of: service, at: notification.timestamp)]
    }
}

extension NotificationMessage {
    /// The payload, what it is of, and who told it.
    var wholePayload: Metadata {
        var metadata = payload
        metadata["event_type"] = .string(eventType)
        metadata["host"] = .string(publisherID)
        return metadata
    }
}
