// SPDX-License-Identifier: Apache-2.0

/// Makes samples of what other services tell of themselves.
public protocol NotificationPlugin: Sendable {
    /// Which notifications it is given: shell wildcards over ``NotificationMessage/eventType``, such as
    /// `compute.instance.*`.
    var eventTypes: [String] { get }

    /// - Returns: the samples that the notification gives; none is an empty list, not an error.
    func process(_ notification: NotificationMessage) async throws -> [Sample]
}

/// A notification as OpenStack's services send them, whatever it came by.
public struct NotificationMessage: Sendable, Hashable {
    /// Such as `compute.instance.create.end`.
    public var eventType: String
    /// Who sent it: `service.host`.
    public var publisherID: String
    /// `info`, `error`, … as the topic says.
    public var priority: String
    public var messageID: String
    /// When it was sent.
    public var timestamp: Timestamp
    public var payload: Metadata
    /// Of the request that caused it: user, project and more.
    public var context: Metadata

    public init(
        eventType: String, publisherID: String, priority: String = "info", messageID: String = "",
        timestamp: Timestamp = .now, payload: Metadata = [:], context: Metadata = [:]
    ) {
        self.eventType = eventType
        self.publisherID = publisherID
        self.priority = priority
        self.messageID = messageID
        self.timestamp = timestamp
        self.payload = payload
        self.context = context
    }
}
