// SPDX-License-Identifier: Apache-2.0
import Audits
import ClusterModel
import Logging
import ModelCollectors
import TestSupport
import Testing

/// Models that collectors keep, as audits get them.
@Suite(.timeLimit(.minutes(1))) struct ModelKeeperTests {
    private let source = ScriptedSource()
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func manager(period: Int = 1_000_000, mostWaiting: Int = 100) -> CollectorManager {
        CollectorManager(
            [CollectorRegistration("dummy", kind: "compute", DummyCollector(source: source), period: period)],
            scopes: GivenGroups(), clock: HastyClock(), mostWaiting: mostWaiting, log: log)
    }

    /// Runs `body` beside the manager.
    private func running<Value: Sendable>(
        _ manager: CollectorManager, _ body: () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await manager.run() }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// The instances' names, in their order, once there are so many of them or more.
    private func names(_ manager: CollectorManager, atLeast count: Int) async throws -> [String] {
        for await model in try await manager.changes(of: "dummy") {
            let names = (model as? ModelRoot)?.allInstances.compactMap(\.name) ?? []
            if names.count >= count { return names }
        }
        return []
    }

    @Test func aModelIsHandedOutByTheNameOfItsCollectorOrItsKind() async throws {
        let manager = manager()
        try await running(manager) {
            for name in ["dummy", "compute"] {
                let model = try await manager.model(name).model as? ModelRoot
                #expect(model?.allNodes.map(\.hostname) == ["host"])
            }
            await #expect(throws: ModelUnavailable.unknown("storage", known: ["dummy"])) {
                try await manager.model("storage")
            }
        }
    }

    @Test func notificationsChangeItInTheirOrder() async throws {
        let manager = manager()
        try await running(manager) {
            _ = try await manager.model("dummy")
            for name in ["a", "b", "c"] { manager.receive(.boot(name)) }
            manager.receive(Notification(publisherID: "other", eventType: "boot", payload: ["name": "x"]))
            #expect(try await names(manager, atLeast: 3) == ["a", "b", "c"])
            #expect(await manager.statuses.first?.applied == 3)
        }
    }

    @Test func whatComesDuringASynchronisationIsAppliedToTheNewModel() async throws {
        let manager = manager()
        await source.hold()
        try await running(manager) {
            await source.untilAsked()
            manager.receive(.boot("late"))
            await source.release()
            let applied = try await names(manager, atLeast: 1)
            #expect(applied == ["late"])
        }
    }

    @Test func aModelThatCannotBeBuiltIsStaleUntilItCan() async throws {
        let manager = manager(period: 1)
        await source.fail("nobody answers")
        try await running(manager) {
            let error = await #expect(throws: ModelUnavailable.self) { try await manager.model("dummy") }
            guard case .stale("dummy", let since, "nobody answers") = error else {
                throw TestFailure("\(error as Any)")
            }
            #expect(since.contains("T"))
            await source.fail(nil)
            // The changes begin with the first model that could be built.
            for await _ in try await manager.changes(of: "dummy") { break }
            _ = try await manager.model("dummy")
            #expect(await manager.statuses.first?.staleSince == nil)
        }
    }

    @Test func aModelOfWhatIsNotThereIsLeftOutUntilItIs() async throws {
        let memory = LogMemory()
        let manager = CollectorManager(
            [CollectorRegistration("dummy", kind: "compute", DummyCollector(source: source), period: 1)],
            scopes: GivenGroups(), clock: HastyClock(), log: memory.logger)
        await source.lack("the catalog has no service dummy")
        try await running(manager) {
            await #expect(throws: ModelUnavailable.absent("dummy", reason: "the catalog has no service dummy")) {
                try await manager.model("dummy")
            }
            await source.untilAsked(times: 4)
            await source.lack(nil)
            for await _ in try await manager.changes(of: "dummy") { break }
            _ = try await manager.model("dummy")
            #expect(await manager.statuses.first?.isAbsent == false)
        }
        #expect(
            memory.lines == [
                "info: there is nothing to build the model of; it is left out reason=the catalog has no service dummy"
            ])
    }

    @Test func aSynchronisationFollowsTheOtherByThePeriod() async throws {
        let manager = manager(period: 1)
        try await running(manager) { await source.untilAsked(times: 3) }
    }

    @Test func tooManyNotificationsAreMadeUpForByBuildingItAnew() async throws {
        let manager = manager(mostWaiting: 2)
        await source.hold()
        try await running(manager) {
            await source.untilAsked()
            for name in ["a", "b", "c", "d"] { manager.receive(.boot(name)) }
            await source.add("c")
            await source.release()
            await source.untilAsked(times: 2)
            let rebuilt = try await names(manager, atLeast: 1)
            #expect(rebuilt.contains("c"))
            #expect(await manager.statuses.first?.dropped == 2)
        }
    }

    @Test func aNotificationThatMakesNoSenseIsCountedAndTheOthersGoOn() async throws {
        let manager = manager()
        try await running(manager) {
            _ = try await manager.model("dummy")
            manager.receive(Notification(publisherID: "dummy", eventType: "boot", payload: .null))
            manager.receive(.boot("b"))
            #expect(try await names(manager, atLeast: 1) == ["b"])
            #expect(await manager.statuses.first?.failed == 1)
        }
    }

    @Test func copiesAreNarrowedToTheScope() async throws {
        let manager = manager()
        await source.add("kept")
        try await running(manager) {
            let scope: JSONValue = [["compute": [["exclude": [["instances": [["uuid": "kept"], ["uuid": "no"]]]]]]]]
            let narrowed = try await manager.model("compute", scope: scope)
            #expect((narrowed.model as? ModelRoot)?.allInstances.map(\.isExcluded) == [true])
            #expect(narrowed.warnings.count == 1)
            let whole = try await manager.model("compute").model as? ModelRoot
            #expect(whole?.allInstances.map(\.isExcluded) == [false])
        }
    }
}
