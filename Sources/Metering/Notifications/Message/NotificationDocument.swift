// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import JSONText
internal import Telemetry

/// A notification as the paths of definitions see it.
enum NotificationDocument {
    /// What a path may begin with.
    static let names = ["ctxt", "event_type", "metadata", "payload", "priority", "publisher_id"]

    /// - Parameter oldContext: whether files of Ceilometer's older releases are in use, which write `$._context_tenant`
    ///   for `$.ctxt.tenant`.
    static func of(_ notification: ReceivedNotification, oldContext: Bool) -> ExpressionValue {
        let context = notification.context.map { ExpressionValue.Entry($0.key, ExpressionValue($0.value)) }
        var entries: [ExpressionValue.Entry] = [
            .init("payload", ExpressionValue(notification.payload)), .init("ctxt", .dictionary(context)),
            .init("event_type", .string(notification.eventType)),
            .init("publisher_id", .string(notification.publisherID)),
            .init("priority", .string(notification.priority)),
            .init(
                "metadata",
                .dictionary([
                    .init("message_id", .string(notification.messageID)),
                    .init("timestamp", .string(notification.timestampText)),
                ])),
        ]
        if oldContext {
            entries += context.map { .init(ReceivedNotification.contextPrefix + $0.key, $0.value) }
        }
        return .dictionary(entries)
    }
}

extension ExpressionValue {
    init(_ value: WireValue) {
        switch value {
        case .null, .binary: self = .none
        case .bool(let bool): self = .bool(bool)
        case .integer(let integer): self = .integer(integer)
        case .real(let real): self = .real(real)
        case .string(let string): self = .string(string)
        case .array(let items): self = .list(items.map { ExpressionValue($0) })
        case .object(let entries): self = .dictionary(entries.map { Entry($0.key, ExpressionValue($0.value)) })
        }
    }

    /// As it goes into a sample's metadata.
    var metadataValue: Metadata.Value {
        switch self {
        case .missing, .none: .null
        case .bool(let bool): .bool(bool)
        case .integer(let integer): Int64(exactly: integer).map { .integer($0) } ?? .real(Double(integer))
        case .real(let real): .real(real)
        case .string(let string): .string(string)
        case .list(let items): .array(items.map(\.metadataValue))
        case .dictionary(let entries):
            .object(Metadata(uniqueKeysWithValues: entries.map { ($0.key, $0.value.metadataValue) }))
        }
    }

    /// As an id or a name: a text, or a number's digits; nil for what is neither.
    var textValue: String? {
        switch self {
        case .string(let text): text
        case .integer(let integer): integer.description
        case .real(let real): real.description
        case .bool(let bool): bool ? "True" : "False"
        default: nil
        }
    }

    /// A finite number, also one in a text.
    var volume: Volume? {
        switch self {
        case .bool(let bool): return .integer(bool ? 1 : 0)
        case .integer(let integer):
            return (Int128(Int64.min)...Int128(UInt64.max)).contains(integer)
                ? Volume(integer) : .real(Double(integer))
        case .real(let real): return real.isFinite ? .real(real) : nil
        case .string(let text):
            if let integer = Int64(text) { return .integer(integer) }
            return Double(text).flatMap { $0.isFinite ? .real($0) : nil }
        default: return nil
        }
    }
}
