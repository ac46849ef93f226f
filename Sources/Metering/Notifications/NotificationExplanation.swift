// SPDX-License-Identifier: Apache-2.0
internal import Expressions

extension NotificationProcessor {
    /// Why a notification gave no sample, a line each: what the definitions that are about it miss; where none is, the
    /// ones that come nearest, and where they part.
    package func explanation(of notification: ReceivedNotification, _ outcome: Outcome) -> [String] {
        guard let meters = handlers.meters else {
            return ["no samples are made: [notification] pipelines has no meter"]
        }
        guard NotificationHandlers.samplePriorities.contains(notification.priority) else {
            return ["no samples are made of notifications of priority \(notification.priority)"]
        }
        if !outcome.gaps.isEmpty { return outcome.gaps }
        guard meters.count > 0 else { return ["there are no meter definitions"] }
        let near = nearest(to: notification.eventType, among: meters.all)
        guard let first = near.first else {
            return ["no meter definition is about event type \(notification.eventType) or one like it"]
        }
        let others = near.dropFirst().prefix(3).map { $0.definition.name.text }
        let more = near.count > 4 ? " and \(near.count - 4) more" : ""
        let also = others.isEmpty ? "" : "; so do \(others.joined(separator: ", "))\(more)"
        return [
            "no meter definition is about event type \(notification.eventType); nearest is \(first.definition.shown): "
                + "its event_type \(first.pattern) agrees up to \(first.agreed.inMarks)\(also)"
        ]
    }

    private struct Near {
        var definition: MeterDefinition
        var pattern: String
        var agreed: String
    }

    /// Those that agree with an event type for longest, at least with its first word.
    private func nearest(to eventType: String, among definitions: [MeterDefinition]) -> [Near] {
        let word = eventType.prefix { $0 != "." }
        let candidates = definitions.compactMap { definition in
            definition.eventTypes.map { pattern in
                Near(
                    definition: definition, pattern: pattern.pattern.text.inMarks,
                    agreed: pattern.plainStart.commonPrefix(with: eventType))
            }.max { $0.agreed.count < $1.agreed.count }
        }
        let longest = candidates.map(\.agreed.count).max() ?? 0
        guard longest >= word.count else { return [] }
        return candidates.filter { $0.agreed.count == longest }
    }
}

extension String {
    fileprivate var inMarks: String { "\"\(self)\"" }

    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
