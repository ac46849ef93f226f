// SPDX-License-Identifier: Apache-2.0
import Audits
import ClusterModel
import Logging
import ModelCollectors
import Synchronization
import Testing

/// Models that a message bus keeps up to date, as it comes and goes.
@Suite(.timeLimit(.minutes(1))) struct ModelFeedTests {
    private let source = ScriptedSource()
    private let feed = ScriptedFeed()
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `body` beside a manager that hears the feed.
    private func running(_ body: (CollectorManager) async throws -> Void) async throws {
        let manager = CollectorManager(
            [CollectorRegistration("dummy", kind: "compute", DummyCollector(source: source), period: 1_000_000)],
            scopes: GivenGroups(), feed: feed, log: log)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await manager.run() }
            defer { group.cancelAll() }
            try await body(manager)
        }
    }

    /// The instances' names, in their order, once these are all.
    private func waits(for names: [String], _ manager: CollectorManager) async throws {
        for await model in try await manager.changes(of: "dummy") {
            if (model as? ModelRoot)?.allInstances.compactMap(\.name) == names { return }
        }
    }

    @Test func aModelIsBuiltOnceThatTheBusIsHeardAndFollowsIt() async throws {
        try await running { manager in
            #expect(await source.asked == 0)
            feed.tell(.connected)
            _ = try await manager.model("dummy")
            for name in ["a", "b", "c"] { feed.tell(.notification(.boot(name))) }
            try await waits(for: ["a", "b", "c"], manager)
            #expect(await source.asked == 1)
            #expect(await manager.statuses[0].unheardSince == nil)
        }
    }

    @Test func aModelIsBuiltThoughThereIsNoBus() async throws {
        try await running { manager in
            feed.tell(.disconnected("nobody listens"))
            _ = try await manager.model("dummy")
            #expect(await manager.statuses[0].unheardSince != nil)
        }
    }

    @Test func afterItsReturnTheModelIsBuiltAnewAndSaysSo() async throws {
        try await running { manager in
            feed.tell(.connected)
            _ = try await manager.model("dummy")
            feed.tell(.disconnected("the broker stopped"))
            feed.tell(.notification(.boot("a")))
            try await waits(for: ["a"], manager)
            #expect(await manager.statuses[0].unheardSince != nil)
            // What nobody told.
            await source.add("b")
            feed.tell(.connected)
            try await waits(for: ["b"], manager)
            #expect(await source.asked == 2)
            _ = try await manager.model("dummy")
            #expect(await manager.statuses[0].unheardSince == nil)
        }
    }

    @Test func whatComesWhileItIsBuiltAnewIsAppliedInItsOrder() async throws {
        try await running { manager in
            feed.tell(.connected)
            _ = try await manager.model("dummy")
            await source.add("known")
            await source.hold()
            feed.tell(.connected)
            await source.untilAsked(times: 2)
            for name in ["a", "b", "c"] { feed.tell(.notification(.boot(name))) }
            try await feed.untilAllIsHeard()
            await source.release()
            try await waits(for: ["known", "a", "b", "c"], manager)
        }
    }

    @Test func aBusThatComesAndGoesWhileItIsBuiltCausesOneMoreBuilding() async throws {
        try await running { manager in
            await source.hold()
            feed.tell(.connected)
            await source.untilAsked()
            for _ in 0..<5 {
                feed.tell(.disconnected("again"))
                feed.tell(.connected)
            }
            feed.tell(.notification(.boot("last")))
            try await feed.untilAllIsHeard()
            await source.release()
            try await waits(for: ["last"], manager)
            #expect(await source.asked == 2)
        }
    }
}

/// Tells what a test makes it tell.
private final class ScriptedFeed: NotificationFeed {
    private let news: AsyncStream<FeedNews>
    private let teller: AsyncStream<FeedNews>.Continuation
    /// How many were told and not handed on as yet.
    private let waiting = Mutex(0)

    init() { (news, teller) = AsyncStream.makeStream() }

    func tell(_ news: FeedNews) {
        waiting.withLock { $0 += 1 }
        teller.yield(news)
    }

    func untilAllIsHeard() async throws {
        while waiting.withLock({ $0 }) > 0 { try await Task.sleep(for: .milliseconds(1)) }
    }

    func follow(_ hear: @escaping @Sendable (FeedNews) -> Void) async {
        for await news in news {
            hear(news)
            waiting.withLock { $0 -= 1 }
        }
    }
}
