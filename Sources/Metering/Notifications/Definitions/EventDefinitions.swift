// SPDX-License-Identifier: Apache-2.0
package import Settings
internal import Synchronization

/// What `event_definitions.yaml` says. The last definition that is about an event type holds for it; what none is about
/// has the standard traits, or is dropped where an operator wants that.
package final class EventDefinitions: Sendable {
    private static let mostRemembered = 10_000

    let all: [EventDefinition]
    let usesOldContext: Bool
    private let dropsUnmatched: Bool
    private let indices = Mutex<[String: Int?]>([:])

    package init(dropsUnmatched: Bool = false) {
        all = dropsUnmatched ? [] : [.everything]
        usesOldContext = false
        self.dropsUnmatched = dropsUnmatched
    }

    package init(file: String, text: String, dropsUnmatched: Bool = false) throws(Mistakes) {
        var mistakes = Mistakes()
        let root = mistakes.collect { () throws(Mistake) in try YAMLValue(file: file, text: text) }
        guard let root else { throw mistakes }
        let items = mistakes.collect { () throws(Mistake) in try root.list(of: "event definitions") } ?? []
        let written = items.compactMap { item in
            mistakes.collectAll { () throws(Mistakes) in try EventDefinition(item) }
        }
        try mistakes.throwIfAny()
        all = (dropsUnmatched ? [] : [.everything]) + written
        usesOldContext = written.contains(where: \.usesOldContext)
        self.dropsUnmatched = dropsUnmatched
    }

    func definition(for eventType: String) -> EventDefinition? {
        if let known = indices.withLock({ $0[eventType] }) { return known.map { all[$0] } }
        let found = all.lastIndex { $0.matches(eventType) }
        indices.withLock { indices in
            if indices.count >= Self.mostRemembered { indices = [:] }
            indices[eventType] = .some(found)
        }
        return found.map { all[$0] }
    }

    package var count: Int { all.count }
}
