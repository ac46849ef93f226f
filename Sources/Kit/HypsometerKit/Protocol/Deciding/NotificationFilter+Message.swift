// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import JSONText

extension NotificationFilter {
    /// `{"publisher_id": ".*", "event_type": "^dummy$"}`; a part that is an object has rules by key.
    package init(message value: WireValue) throws(WireError) {
        func rule(_ key: String) throws(WireError) -> Rule? {
            guard let part = value[key], part != .null else { return nil }
            do throws(WireError) {
                return try Rule(message: part)
            } catch {
                throw error.inside(key)
            }
        }
        self.init(
            publisherID: try rule("publisher_id"), eventType: try rule("event_type"), payload: try rule("payload"),
            metadata: try rule("metadata"), context: try rule("context"))
    }

    package var message: WireValue {
        .object([
            "publisher_id": publisherID?.message, "event_type": eventType?.message, "payload": payload?.message,
            "metadata": metadata?.message, "context": context?.message,
        ])
    }
}

extension NotificationFilter.Rule {
    fileprivate init(message value: WireValue) throws(WireError) {
        switch value {
        case .string(let pattern):
            do {
                _ = try Regex(pattern)
            } catch {
                throw WireError("", found: value.shown, allowed: "a regular expression")
            }
            self = .pattern(pattern)
        case .object(let entries):
            var rules: [String: Self] = [:]
            for entry in entries {
                do throws(WireError) {
                    rules[entry.key] = try Self(message: entry.value)
                } catch {
                    throw error.inside(entry.key)
                }
            }
            self = .keys(rules)
        default: throw WireError("", found: value.shown, allowed: "a regular expression, or rules by key")
        }
    }

    fileprivate var message: WireValue {
        switch self {
        case .pattern(let pattern): .string(pattern)
        case .keys(let rules):
            .object(rules.sorted { $0.key < $1.key }.map { WireValue.Entry($0.key, $0.value.message) })
        }
    }
}

extension Notification {
    package init(message value: WireValue) throws(WireError) {
        self.init(
            publisherID: try value.optionalText("publisher_id"), eventType: try value.optionalText("event_type"),
            payload: value.json("payload"), metadata: value.json("metadata"), context: value.json("context"))
    }

    package var message: WireValue {
        .object([
            "publisher_id": .text(publisherID) ?? .null, "event_type": .text(eventType) ?? .null,
            "payload": WireValue(payload), "metadata": WireValue(metadata), "context": WireValue(context),
        ])
    }
}
