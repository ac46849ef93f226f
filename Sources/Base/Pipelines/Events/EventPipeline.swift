// SPDX-License-Identifier: Apache-2.0
package import Settings
package import Telemetry

/// Hands each event to the publishers of every sink that some source takes it to, and returns when they have it: who
/// gave it keeps it until then.
package actor EventPipeline {
    private struct Way {
        var name: String
        var publisher: any EventPublisher
        var sinks: Set<String>
    }

    private let sources: [EventPipelineDefinition.Source]
    private let ways: [Way]

    package init(
        _ definition: EventPipelineDefinition, publishers: [EventPublisherRegistration]
    ) throws(Mistakes) {
        var mistakes = Mistakes()
        var ways: [String: Way] = [:]
        for sink in definition.sinks {
            for url in sink.publishers {
                if ways[url.identity] == nil {
                    let made = mistakes.collect { () throws(Mistake) in try publishers.make(url) }
                    guard let made else { continue }
                    ways[url.identity] = Way(name: url.shown, publisher: made, sinks: [])
                }
                ways[url.identity]?.sinks.insert(sink.name)
            }
        }
        try mistakes.throwIfAny()
        self.ways = ways.values.sorted { $0.name < $1.name }
        sources = definition.sources
    }

    /// - Returns: by publisher, the error of those that did not take their events. The others have theirs, and are given
    ///   the same again where the caller tries again: `message_id` tells a repeat.
    package func publish(_ events: [Event]) async -> [(publisher: String, error: any Error, events: Int)] {
        var failures: [(publisher: String, error: any Error, events: Int)] = []
        for way in ways {
            let own = events.filter { event in
                sources.contains { source in
                    source.events.takes(event.eventType) && !way.sinks.isDisjoint(with: source.sinks)
                }
            }
            guard !own.isEmpty else { continue }
            do {
                try await way.publisher.publish(own)
            } catch {
                failures.append((way.name, error, own.count))
            }
        }
        return failures
    }
}
