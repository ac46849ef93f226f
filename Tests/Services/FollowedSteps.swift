// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import ModelCollectors
import Synchronization
import Telemetry
import Testing

/// How long after Nova's word of it a model that follows shows each step of an instance's life.
///
/// Which notification a step first shows by is found out rather than expected: those that a witness heard meanwhile are
/// applied, one by one, to the model as it was before.
final class FollowedSteps: Sendable {
    struct Step: Sendable {
        var name: String
        /// Of the notification that it first shows by.
        var eventType: String
        /// Seconds from Nova's making that notification to the witness's hearing it, and to the model's showing it.
        var heard: Double, shown: Double
    }

    private let witness: BusWitness
    private let states: Mutex<[(time: Timestamp, model: ModelRoot)]>
    private let steps = Mutex<[Step]>([])

    /// - Parameter model: as it is now.
    init(_ witness: BusWitness, from model: ModelRoot) {
        self.witness = witness
        states = Mutex([(.now, model)])
    }

    var all: [Step] { steps.withLock { $0 } }

    /// Takes up each state of the model, with the time, until there are no more.
    func watch(_ changes: AsyncStream<any Model>) async {
        for await model in changes {
            guard let model = model as? ModelRoot else { continue }
            states.withLock { $0.append((.now, model)) }
        }
    }

    /// Adds a step that the model has been shown to have taken.
    ///
    /// - Parameter begin: when nothing of it had happened yet, and the model was up to date.
    func add(_ name: String, since begin: Timestamp, _ condition: (ModelRoot) throws -> Bool) async throws {
        func holds(_ model: ModelRoot) -> Bool { (try? condition(model)) == true }
        var shown: Timestamp?
        // What the model shows has come here a moment later.
        for _ in 0..<500 where shown == nil {
            shown = states.withLock { $0.first { $0.time > begin && holds($0.model) }?.time }
            if shown == nil { try await Task.sleep(for: .milliseconds(20)) }
        }
        let time = try #require(shown, "\(name)")
        var model = try #require(states.withLock { $0.last { $0.time <= begin }?.model }, "\(name)")
        let cause = try witness.all.first { heard in
            guard heard.time > begin else { return false }
            try NovaNotifications().apply(heard.notification, to: &model)
            return holds(model)
        }
        let heard = try #require(cause, "no notification tells of \(name)")
        let sent = try heard.notification.sent
        func seconds(_ time: Timestamp) -> Double { Double(time.microseconds - sent.microseconds) / 1e6 }
        let step = Step(
            name: name, eventType: heard.notification.eventType ?? "", heard: seconds(heard.time),
            shown: seconds(time))
        steps.withLock { $0.append(step) }
        print("\(name): shown \(step.shown) s after nova's \(step.eventType), which was heard after \(step.heard) s")
    }
}
