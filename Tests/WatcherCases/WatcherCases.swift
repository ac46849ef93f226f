// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Testing

/// What the real Watcher did, done again: the same decisions, to the last digit.
///
/// One rule besides equality: where the real program crashed, any solution and any error is right.
@Suite(.enabled(if: RecordedCase.areThere, "there are no recorded cases beside the project"))
struct WatcherCases {
    /// Runs every case of a kind, and prints how many hold.
    private func check(_ kind: String, _ run: (RecordedCase) async throws -> Void) async throws {
        let cases = try RecordedCase.all(kind)
        var held = 0
        for recorded in cases {
            do {
                try await run(recorded)
                held += 1
            } catch {
                Issue.record("\(recorded.name): \(error)")
            }
        }
        print("\(kind): \(held) of \(cases.count) recorded cases hold")
    }

    @Test func modelsListAndCountWhatTheyHold() async throws {
        try await check("model_api") { try ModelCase.run($0) }
    }

    @Test func collectorsBuildTheSameModels() async throws {
        try await check("collector") { try CollectorCase.run($0) }
    }

    @Test func scopesLeaveTheSame() async throws {
        try await check("scope") { try ScopeCase.run($0) }
    }

    @Test func notificationsChangeTheSame() async throws {
        try await check("notification") { try await NotificationCase.run($0) }
    }

    @Test func filtersLetTheSamePass() async throws {
        try await check("notification_filter") { try FilterCase.run($0) }
    }

    @Test func strategiesDecideTheSame() async throws {
        try await check("strategy") { try await StrategyCase.run($0) }
    }

    @Test func plannersGiveTheSameOrder() async throws {
        try await check("planner") { try await PlannerCase.run($0) }
    }

    @Test func scoringEnginesGiveTheSameScores() async throws {
        try await check("scoring") { try await ScoringCase.run($0) }
    }
}
