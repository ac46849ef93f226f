// SPDX-License-Identifier: Apache-2.0
import ClusterModel

struct TestFailure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

/// A collector as anybody may write one: a node, and what the source tells.
struct DummyCollector: ClusterDataModelCollector {
    let source: ScriptedSource

    func execute() async throws -> any Model {
        let names = try await source.ask()
        var model = ModelRoot()
        var node = ComputeNode(uuid: "n")
        node.hostname = "host"
        model.add(node)
        for name in names { model.boot(name) }
        return model
    }

    var notificationEndpoints: [any NotificationEndpoint] { [DummyEndpoint()] }
}

struct DummyEndpoint: NotificationEndpoint {
    var filterRule: NotificationFilter {
        NotificationFilter(publisherID: .pattern("^dummy$"), eventType: .pattern("^boot$"))
    }

    func info(_ notification: Notification, model: any Model) async throws -> any Model {
        guard let name = notification.payload["name"]?.string else { throw TestFailure("no name") }
        guard var model = model as? ModelRoot else { return model }
        model.boot(name)
        return model
    }
}

extension ModelRoot {
    mutating func boot(_ name: String) {
        var instance = Instance(uuid: name)
        instance.name = name
        let id = add(instance)
        if let node = findNode(uuid: "n") { map(id, to: node) }
    }
}

extension Notification {
    static func boot(_ name: String) -> Notification {
        Notification(publisherID: "dummy", eventType: "boot", payload: ["name": .string(name)])
    }
}

/// What a collector asks, and when it is answered.
actor ScriptedSource {
    private var names: [String] = []
    private var failure: String?
    private var lacking: String?
    private var isHeld = false
    private(set) var asked = 0
    private var held: [CheckedContinuation<Void, Never>] = []
    private var watching: [(times: Int, CheckedContinuation<Void, Never>)] = []

    func ask() async throws -> [String] {
        asked += 1
        for (times, continuation) in watching where times <= asked { continuation.resume() }
        watching.removeAll { $0.times <= asked }
        let names = names
        if isHeld { await withCheckedContinuation { held.append($0) } }
        if let lacking { throw NothingToModel(lacking) }
        if let failure { throw TestFailure(failure) }
        return names
    }

    func add(_ name: String) { names.append(name) }
    func fail(_ reason: String?) { failure = reason }
    func lack(_ reason: String?) { lacking = reason }
    func hold() { isHeld = true }

    func release() {
        isHeld = false
        for continuation in held { continuation.resume() }
        held = []
    }

    func untilAsked(times: Int = 1) async {
        if asked >= times { return }
        await withCheckedContinuation { watching.append((times, $0)) }
    }
}

/// A clock whose seconds last a thousandth of one.
struct HastyClock: Clock {
    typealias Instant = ContinuousClock.Instant

    var now: Instant { ContinuousClock.now }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try await Task.sleep(for: (deadline - now) / 1000)
    }
}
