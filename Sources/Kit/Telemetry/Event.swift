// SPDX-License-Identifier: Apache-2.0

/// That something happened, as a service told of it: a notification cut down to the traits worth keeping.
public struct Event: Sendable, Hashable {
    /// One property of an event.
    public struct Trait: Sendable, Hashable {
        public var name: String
        public var value: Value

        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// A trait's value, in one of Ceilometer's four types.
    public enum Value: Sendable, Hashable {
        /// Of at most 255 characters.
        case text(String)
        case integer(Int64)
        case real(Double)
        case datetime(Timestamp)
    }

    /// The notification's own id, which tells a repeat.
    public var messageID: String
    /// Such as `compute.instance.create.end`.
    public var eventType: String
    /// When the notification was sent.
    public var generated: Timestamp
    /// Each name once.
    public var traits: [Trait]
    /// The whole notification where it was to be kept (`[event] store_raw`), else empty.
    public var raw: Metadata

    public init(
        messageID: String, eventType: String, generated: Timestamp, traits: [Trait] = [], raw: Metadata = [:]
    ) {
        self.messageID = messageID
        self.eventType = eventType
        self.generated = generated
        self.traits = traits
        self.raw = raw
    }

    public subscript(trait: String) -> Value? { traits.first { $0.name == trait }?.value }
}

/// Carries events out.
public protocol EventPublisher: Sendable {
    /// Returns when the other side has all of them; throws when it may have none, to be called again.
    func publish(_ events: [Event]) async throws
}
