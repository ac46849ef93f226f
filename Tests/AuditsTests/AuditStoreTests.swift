// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Optimization
import Telemetry
import TestSupport
import Testing

@testable import Audits

/// Audits, leases and plans in a real database.
@Suite struct AuditStoreTests {
    private let directory: TemporaryDirectory
    private let now = Timestamp(parsing: "2026-11-21T10:00:00".utf8) ?? .now

    init() throws { directory = try TemporaryDirectory() }

    private func open() async throws -> AuditStore { try await AuditStore.open(directory("audits.db")) }

    private func record(
        _ name: String, _ kind: AuditRecord.Kind = .oneshot, interval: String? = nil, end: Timestamp? = nil
    ) -> AuditRecord {
        var audit = AuditRecord(
            uuid: AuditStore.makeUUID(), name: name, kind: kind, goal: "dummy", strategy: "dummy", created: now)
        (audit.interval, audit.end, audit.nextRun) = (interval, end, now)
        return audit
    }

    private func plan(_ count: Int) -> AuditOutcome {
        let actions = (0..<count).map { index in
            ActionPlan.PlannedAction(
                type: "nop", parameters: ["message": .string("\(index)")], parents: index == 0 ? [] : [index - 1])
        }
        return .planned(
            ActionPlan(actions: actions), efficacy: [EfficacyIndicator("x_count", 3)],
            globalEfficacy: [EfficacyIndicator("ratio", 12.5, unit: "%")], message: nil)
    }

    private func claim(_ store: AuditStore, _ owner: String, after seconds: Int = 0) async throws -> [AuditRecord] {
        try await store.claim(10, for: owner, host: "h", lease: .seconds(60), now: now + .seconds(seconds)).audits
    }

    @Test func anAuditIsRunByOneEngineAndKeptAcrossARestart() async throws {
        let store = try await open()
        let audit = try await store.add(record("once"))
        let mine = try await claim(store, "a")
        #expect(mine.map(\.name) == ["once"] && mine.first?.run == 1)
        #expect(try await claim(store, "b").isEmpty)
        let uuid = try #require(try await store.finish(mine[0], of: "a", plan(2), now: now))
        try store.close()

        let again = try await open()
        #expect(try await again.audit(audit.uuid).state == .succeeded)
        let kept = try await again.plan(uuid)
        #expect(kept.state == .recommended && kept.globalEfficacy == [["name": "ratio", "unit": "%", "value": 12.5]])
        let actions = try await again.actions(of: uuid)
        #expect(actions.map(\.parents) == [[], [actions[0].uuid]])
        #expect(try await claim(again, "b", after: 1000).isEmpty)
    }

    @Test func anEngineThatIsNotHeardOfLosesItsAuditToAnother() async throws {
        let store = try await open()
        _ = try await store.add(record("once"))
        let first = try await claim(store, "a")
        #expect(try await claim(store, "b", after: 59).isEmpty)
        #expect(
            try await store.renew("a", host: "h", started: now, lease: .seconds(60), now: now + .seconds(59))
                == [first[0].uuid])
        #expect(try await claim(store, "b", after: 118).isEmpty)
        let second = try await claim(store, "b", after: 120)
        #expect(second.first?.run == 2)
        // What the first one brings late isn't taken.
        await #expect(throws: AuditProblem(.conflict, "another engine took it up after the lease was over")) {
            _ = try await store.finish(first[0], of: "a", plan(1), now: now)
        }
        #expect(try await store.finish(second[0], of: "b", plan(1), now: now) != nil)
        #expect(try await store.plans().count == 1)
    }

    @Test func aClockSetBackADayMakesNobodyWaitADay() async throws {
        let store = try await open()
        _ = try await store.add(record("once"))
        _ = try await store.add(record("often", .continuous, interval: "30"))
        _ = try await store.add(record("nightly", .continuous, interval: "0 2 * * *"))
        var later = record("later", .continuous, interval: "30")
        later.start = now + .seconds(3600)
        later.nextRun = later.start
        _ = try await store.add(later)
        // An engine died over one of them, a moment before.
        let mine = try await store.claim(1, for: "dead", host: "h", lease: .seconds(60), now: now).audits
        #expect(mine.count == 1)
        let back = now - .seconds(86_400)
        #expect(try await store.bringForward(lease: .seconds(60), now: back) == 3)
        #expect(try await store.bringForward(lease: .seconds(60), now: back) == 0)
        func claimed(after seconds: Int) async throws -> Set<String> {
            Set(try await claim(store, "b", after: seconds - 86_400).map(\.name))
        }
        let first = try await claimed(after: 0)
        // The dead one's comes once its lease is over, the nightly at two o'clock.
        #expect(first.union(try await claimed(after: 61)) == ["once", "often"])
        #expect(try await claimed(after: 16 * 3600 + 1) == ["nightly"])
        #expect(try await store.audit("later").nextRun == later.start)
    }

    @Test func aClockSetForwardTakesNoAuditFromAnEngineThatLives() async throws {
        let store = try await open()
        _ = try await store.add(record("once"))
        _ = try await claim(store, "a")
        let ahead = now + .seconds(86_400)
        let other = try await store.claim(
            10, for: "b", host: "h", lease: .seconds(60), sparingLeases: true, now: ahead)
        #expect(other.audits.isEmpty)
        // Nor does it take up what it is at itself.
        #expect(try await claim(store, "a", after: 86_400).isEmpty)
        #expect(try await claim(store, "b", after: 86_400).count == 1)
    }

    @Test func aRunThatEndedThreeEnginesIsGivenUp() async throws {
        let store = try await open()
        _ = try await store.add(record("poison"))
        for turn in 0..<3 {
            #expect(try await claim(store, "engine \(turn)", after: turn * 100).count == 1)
        }
        let claim = try await store.claim(
            10, for: "d", host: "h", lease: .seconds(60), now: now + .seconds(300))
        #expect(claim.audits.isEmpty && claim.remarks.count == 1)
        let audit = try await store.audit("poison")
        #expect(audit.state == .failed && audit.message == "3 engines ended over run 3")
    }

    @Test func whatIsGivenBackIsTakenUpAtOnceAndDoesNotCount() async throws {
        let store = try await open()
        _ = try await store.add(record("once"))
        for turn in 0..<5 {
            #expect(try await claim(store, "engine \(turn)").count == 1)
            try await store.release("engine \(turn)")
        }
        #expect(try await store.audit("once").attempts == 0)
    }

    @Test func aContinuousAuditRunsByItsIntervalAndItsNewPlanTakesTheOldOnesPlace() async throws {
        let store = try await open()
        _ = try await store.add(record("beat", .continuous, interval: "600"))
        let run = try await claim(store, "a")
        let old = try #require(try await store.finish(run[0], of: "a", plan(1), now: now + .seconds(5)))
        #expect(try await store.audit("beat").nextRun == now + .seconds(600))
        #expect(try await store.audit("beat").state == .ongoing)
        #expect(try await claim(store, "a", after: 599).isEmpty)
        let second = try await claim(store, "a", after: 601)
        let new = try #require(try await store.finish(second[0], of: "a", plan(1), now: now + .seconds(605)))
        #expect(try await store.plan(old).state == .cancelled)
        #expect(try await store.plan(new).state == .recommended)
    }

    @Test func aContinuousAuditThatFailsTriesAgainUnlessItCanOnlyFail() async throws {
        let store = try await open()
        _ = try await store.add(record("beat", .continuous, interval: "600"))
        var run = try await claim(store, "a")
        #expect(
            try await store.finish(run[0], of: "a", .failed("no metrics", isPermanent: false), now: now) == nil)
        var audit = try await store.audit("beat")
        #expect(audit.state == .ongoing && audit.message == "no metrics" && audit.nextRun == now + .seconds(600))
        run = try await claim(store, "a", after: 600)
        _ = try await store.finish(run[0], of: "a", .failed("no such strategy", isPermanent: true), now: now)
        audit = try await store.audit("beat")
        #expect(audit.state == .failed && audit.nextRun == nil)
    }

    @Test func itsWindowEndsAContinuousAudit() async throws {
        let store = try await open()
        _ = try await store.add(record("beat", .continuous, interval: "600", end: now + .seconds(900)))
        var run = try await claim(store, "a")
        _ = try await store.finish(run[0], of: "a", plan(0), now: now + .seconds(1))
        run = try await claim(store, "a", after: 600)
        _ = try await store.finish(run[0], of: "a", plan(0), now: now + .seconds(601))
        #expect(try await store.audit("beat").state == .succeeded)
        // With nothing to do a plan has succeeded already.
        #expect(try await store.plans().map(\.state) == [.succeeded, .succeeded])
    }

    @Test func whatWasCancelledWhileItRanLeavesNoPlan() async throws {
        let store = try await open()
        let audit = try await store.add(record("once"))
        let run = try await claim(store, "a")
        _ = try await store.change(audit.uuid, now: now) { $0.state = .cancelled }
        await #expect(throws: AuditProblem(.conflict, "it is CANCELLED meanwhile")) {
            _ = try await store.finish(run[0], of: "a", plan(1), now: now)
        }
        #expect(try await store.plans().isEmpty)
        _ = try await store.change("once", now: now) { $0.state = .deleted }
        await #expect(throws: AuditProblem.none("audit", "once")) { _ = try await store.audit("once") }
        // Its name is free again.
        #expect(try await store.add(record("once")).state == .pending)
    }

    @Test func plansThatNobodyStartedAreSupersededAndEndedOnesDeletedInTime() async throws {
        let store = try await open()
        _ = try await store.add(record("once"))
        let uuid = try #require(
            try await store.finish(try await claim(store, "a")[0], of: "a", plan(1), now: now))
        let day = Duration.seconds(86_400)
        #expect(try await store.sweep(expiry: day, retention: day * 30, now: now + .seconds(86_399)) == 0)
        #expect(try await store.sweep(expiry: day, retention: day * 30, now: now + .seconds(86_401)) == 1)
        #expect(try await store.plan(uuid).state == .superseded)
        await #expect(throws: AuditProblem.self) { _ = try await store.setPlan(uuid, to: .pending) }
        _ = try await store.sweep(expiry: day, retention: day * 30, now: now + .seconds(32 * 86_400))
        #expect(try await store.plans().isEmpty)
        #expect(try await store.audits().isEmpty)
    }

    @Test func aPlanFollowsItsActions() async throws {
        let store = try await open()
        _ = try await store.add(record("once"))
        let run = try await claim(store, "a")
        let uuid = try #require(try await store.finish(run[0], of: "a", plan(3), now: now))
        let actions = try await store.actions(of: uuid)
        _ = try await store.setAction(actions[2].uuid, to: .skipped, now: now)
        #expect(try await store.plan(uuid).state == .recommended)
        _ = try await store.setPlan(uuid, to: .pending)
        _ = try await store.setAction(actions[0].uuid, to: .ongoing)
        #expect(try await store.plan(uuid).state == .ongoing)
        // Meanwhile no audit decides by a model that changes under it, unless it is forced to.
        _ = try await store.add(record("other"))
        var waiting = record("forced")
        waiting.isForced = true
        _ = try await store.add(waiting)
        _ = try await store.add(record("beat", .continuous, interval: "600"))
        #expect(try await claim(store, "a").map(\.name) == ["forced"])
        #expect(try await store.audit("other").state == .cancelled)
        #expect(try await store.audit("beat").message == "waits: action plan \(uuid) is being carried out")
        #expect(try await store.nextDue(after: now) == nil)

        _ = try await store.setAction(actions[0].uuid, to: .succeeded)
        _ = try await store.setAction(actions[1].uuid, to: .failed, message: "no valid host")
        let plan = try await store.plan(uuid)
        #expect(plan.state == .failed && plan.message == "1 of 3 actions were skipped")
        #expect(try await claim(store, "a").map(\.name) == ["beat"])
    }
}
