// SPDX-License-Identifier: Apache-2.0

/// Something that another service tells of itself.
public struct Notification: Sendable, Hashable {
    /// `nova-compute:host1`; nil where none is given.
    public var publisherID: String?
    /// `instance.update`; nil where none is given.
    public var eventType: String?
    public var payload: JSONValue
    public var metadata: JSONValue
    public var context: JSONValue

    public init(
        publisherID: String?, eventType: String?, payload: JSONValue, metadata: JSONValue = .null,
        context: JSONValue = .null
    ) {
        self.publisherID = publisherID
        self.eventType = eventType
        self.payload = payload
        self.metadata = metadata
        self.context = context
    }
}

/// Says which notifications an endpoint wants: those no part of which goes against its rule.
public struct NotificationFilter: Sendable, Hashable {
    /// What a part must be like.
    public enum Rule: Sendable, Hashable {
        /// A regular expression that a text must begin with; other values pass, nothing does not.
        case pattern(String)
        /// Goes against a value for which all keys are missing or pass. So one level of keys accepts what a pattern
        /// does *not* match, and two levels read as one expects; the older system's rules are written for that.
        case keys([String: Rule])

        func isAgainst(_ value: JSONValue?) throws -> Bool {
            switch self {
            case .pattern(let pattern):
                switch value {
                case nil, .null: return true
                case .string(let text): return try text.prefixMatch(of: Regex(pattern)) == nil
                default: return false
                }
            case .keys(let rules):
                return try !rules.isEmpty
                    && rules.allSatisfy { key, rule in
                        try value?[key].map { try !rule.isAgainst($0) } ?? true
                    }
            }
        }
    }

    public var publisherID: Rule?
    public var eventType: Rule?
    public var payload: Rule?
    public var metadata: Rule?
    public var context: Rule?

    public init(
        publisherID: Rule? = nil, eventType: Rule? = nil, payload: Rule? = nil, metadata: Rule? = nil,
        context: Rule? = nil
    ) {
        self.publisherID = publisherID
        self.eventType = eventType
        self.payload = payload
        self.metadata = metadata
        self.context = context
    }

    /// - Throws: where a pattern is no regular expression.
    public func matches(_ notification: Notification) throws -> Bool {
        let parts = [
            (context, notification.context), (publisherID, notification.publisherID.map(JSONValue.string) ?? .null),
            (metadata, notification.metadata), (payload, notification.payload),
            (eventType, notification.eventType.map(JSONValue.string) ?? .null),
        ]
        return try parts.allSatisfy { rule, value in try rule.map { try !$0.isAgainst(value) } ?? true }
    }
}
