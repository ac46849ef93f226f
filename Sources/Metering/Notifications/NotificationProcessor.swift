// SPDX-License-Identifier: Apache-2.0
internal import Expressions
package import JSONText
package import Telemetry

/// Makes samples and an event of a notification.
package struct NotificationProcessor: Sendable {
    /// What a notification gave.
    package struct Outcome: Sendable {
        package var samples: [Sample] = []
        package var event: Event?
        /// By plug-in, what it failed with.
        package var failures: [(plugin: String, error: any Error)] = []
        /// Why definitions that are about the notification gave no sample, with the definition.
        package var gaps: [String] = []
    }

    private struct Way: Sendable {
        var entry: NotificationPluginEntry
        var eventTypes: [Glob]
    }

    let handlers: NotificationHandlers
    private let ways: [Way]
    private let oldContext: Bool

    package init(_ handlers: NotificationHandlers) {
        self.handlers = handlers
        ways = handlers.plugins.map { Way(entry: $0, eventTypes: $0.plugin.eventTypes.map { Glob($0) }) }
        oldContext = handlers.meters?.usesOldContext == true || handlers.events?.usesOldContext == true
    }

    /// - Throws: where the notification can't be represented, which no further try changes.
    package func process(_ notification: ReceivedNotification) async throws(WireError) -> Outcome {
        var outcome = Outcome()
        var document: ExpressionValue?
        func read() -> ExpressionValue {
            if let document { return document }
            let made = NotificationDocument.of(notification, oldContext: oldContext)
            document = made
            return made
        }
        if let meters = handlers.meters, NotificationHandlers.samplePriorities.contains(notification.priority) {
            try await runPlugins(notification, &outcome)
            let definitions = meters.definitions(for: notification.eventType)
            if !definitions.isEmpty {
                let source = MeterDefinition.Source(
                    notification: notification, document: read(), reserved: handlers.reserved,
                    sampleSource: handlers.sampleSource, wholePayload: try notification.wholePayload())
                for definition in definitions {
                    let made = definition.samples(of: source)
                    outcome.samples += made.samples
                    outcome.gaps += made.gaps.map { "\(definition.shown): \($0)" }
                }
            }
        }
        if let events = handlers.events, NotificationHandlers.eventPriorities.contains(notification.priority),
            let definition = events.definition(for: notification.eventType)
        {
            var event = definition.event(of: notification, read())
            if handlers.rawPriorities.contains(notification.priority) { event.raw = try notification.raw() }
            outcome.event = event
        }
        return outcome
    }

    private func runPlugins(
        _ notification: ReceivedNotification, _ outcome: inout Outcome
    ) async throws(WireError) {
        let own = ways.filter { way in way.eventTypes.contains { $0.matches(notification.eventType) } }
        guard !own.isEmpty else { return }
        let message = try notification.message()
        for way in own {
            do {
                outcome.samples += try await way.entry.plugin.process(message).enumerated().map { index, sample in
                    var sample = sample
                    sample.source = handlers.sampleSource
                    // Samples that are only passed on keep the ids that they came with.
                    if notification.eventType != NotificationProcessor.passedOn {
                        sample.id = SampleID(
                            of: notification.messageID, "\(way.entry.name) \(sample.name)", sample.resourceID, index)
                    }
                    return sample
                }
            } catch {
                outcome.failures.append((way.entry.name, error))
            }
        }
    }

    /// The event type of what polling agents send over the bus: samples, whole.
    package static let passedOn = "telemetry.polling"
}

extension ReceivedNotification {
    /// The metadata of a meter that defines none: the payload, what it is of, and who told it.
    func wholePayload() throws(WireError) -> Metadata {
        var metadata = try payloadMetadata()
        metadata["event_type"] = .string(eventType)
        metadata["host"] = .string(publisherID)
        return metadata
    }

    /// All of it, for an event that keeps it.
    func raw() throws(WireError) -> Metadata {
        [
            "event_type": .string(eventType), "publisher_id": .string(publisherID), "priority": .string(priority),
            "message_id": .string(messageID), "timestamp": .string(timestampText),
            "payload": .object(try payloadMetadata()), "ctxt": .object(try Metadata(context)),
        ]
    }
}
