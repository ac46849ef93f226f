// SPDX-License-Identifier: Apache-2.0
import Foundation
import Pipelines
import Settings
import Telemetry
import TestSupport
import Testing

/// What becomes of samples on their way to another host, over a real spool.
@Suite(.timeLimit(.minutes(1))) struct DeliveryTests {
    private let log = LogMemory()
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func spool(
        in directory: String? = nil, bytes: Int = 1 << 20, age: Duration = .seconds(3600)
    ) async throws -> Spool {
        try await Spool.open(
            SpoolOptions(directory: directory ?? self.directory.path, mostBytes: bytes, mostAge: age), log: log.logger)
    }

    /// A pipeline with one publisher, `there://a`, as the agent has it.
    private func pipeline(_ sender: ScriptedSender, _ spool: Spool?, begun: Bool = true) async throws -> Pipeline {
        let text = "sources: [{name: a, meters: ['*'], sinks: [s]}]\nsinks: [{name: s, publishers: ['there://a']}]"
        let pipeline = try Pipeline(
            PipelineDefinition(file: "pipeline.yaml", text: text),
            publishers: [
                PublisherRegistration(scheme: "there", options: []) { _ throws(Mistake) -> any Sender in sender }
            ],
            spool: spool, log: log.logger)
        if begun { await pipeline.begin() }
        return pipeline
    }

    /// One cycle.
    private func publish(_ names: String..., to pipeline: Pipeline) async {
        await pipeline.publish(names.map { .of($0) })
        await pipeline.settle(by: .now + .seconds(30))
    }

    @Test func whatOneCycleReadsGoesOutInBatchesOfTheSendersSize() async throws {
        let sender = ScriptedSender(batchSize: 3)
        let pipeline = try await pipeline(sender, spool())
        await pipeline.publish([.of("a")])
        await pipeline.publish([.of("b")])
        await pipeline.settle(by: .now + .seconds(30))
        await pipeline.publish(["c", "d", "e", "f"].map { .of($0) })
        await pipeline.settle(by: .now + .seconds(30))
        #expect(await pipeline.queues.drain(within: .seconds(30)) == 0)
        let batches = await sender.batches
        #expect(batches.suffix(2) == ["c d e", "f"])
        // In one, where it took no second from one to the other.
        #expect(batches.dropLast(2).joined(separator: " ") == "a b")
    }

    @Test func samplesThatNoCycleEndsAreNotKeptForLong() async throws {
        let sender = ScriptedSender()
        let pipeline = try await pipeline(sender, spool())
        await pipeline.publish([.of("a")])
        try await sender.waitFor(batches: 1)
    }

    @Test func everythingWaitsInOrderForAHostThatIsAway() async throws {
        let sender = ScriptedSender(isThere: false)
        let pipeline = try await pipeline(sender, spool())
        for number in 1...5 { await publish("a\(number)", "b\(number)", "c\(number)", to: pipeline) }
        try await sender.waitFor(attempts: 1)
        await sender.comeBack()
        try await sender.waitFor(batches: 10)
        #expect(await sender.batches == (1...5).flatMap { ["a\($0) b\($0)", "c\($0)"] })
        #expect(await pipeline.dropped == 0)
        #expect(
            log.lines.filter { !$0.hasPrefix("debug") } == [
                "error: publisher refuses samples; they wait error=nobody is there publisher=there://a",
                "notice: publisher accepts samples again dropped so far=0 publisher=there://a",
            ])
    }

    @Test func whatWaitsOutlivesTheAgentAndIsNotWrittenAnew() async throws {
        let away = ScriptedSender(isThere: false)
        do {
            let pipeline = try await pipeline(away, spool())
            await publish("a", "b", "c", to: pipeline)
            #expect(await pipeline.queues.drain(within: .seconds(30)) == 0)
            #expect(log.lines.last == "notice: samples stay in the spool publisher=there://a samples=3")
        }
        let sender = ScriptedSender()
        let pipeline = try await pipeline(sender, spool(), begun: false)
        await publish("d", to: pipeline)
        await pipeline.begin()
        try await sender.waitFor(batches: 3)
        #expect(await sender.batches == ["a b", "c", "d"])
        #expect(await sender.encoded == 1)
    }

    @Test func whatWasDeliveredIsNotSentAgainAfterARestart() async throws {
        let sender = ScriptedSender()
        do {
            let pipeline = try await pipeline(sender, spool())
            for name in ["a", "b", "c"] { await publish(name, to: pipeline) }
            _ = await pipeline.queues.drain(within: .seconds(30))
        }
        let again = try await spool()
        #expect(await again.waiting == [:])
        _ = try await pipeline(sender, again)
        #expect(await sender.batches == ["a", "b", "c"])
    }

    @Test func whatIsRefusedForGoodIsKeptAsideAndHoldsUpNothing() async throws {
        let sender = ScriptedSender()
        let pipeline = try await pipeline(sender, spool())
        await publish("a", "bad", to: pipeline)
        await publish("b", to: pipeline)
        try await sender.waitFor(batches: 2)
        _ = await pipeline.queues.drain(within: .seconds(30))
        let lines = try directory.text("dead-letters.jsonl").split(separator: "\n")
        #expect(lines.count == 1)
        let letter = try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any]
        #expect(letter?["publisher"] as? String == "there://a")
        #expect(letter?["reason"] as? String == "HTTP 422: it is bad")
        #expect(letter?["sample"] as? [String: String] == ["name": "bad"])
        #expect(await pipeline.dropped == 1)
        #expect(await sender.batches == ["a bad", "b"])
    }

    @Test func withoutASpoolTheyWaitInMemoryAndTheEndSaysWhatWasLost() async throws {
        let sender = ScriptedSender(isThere: false)
        let pipeline = try await pipeline(sender, nil)
        await publish("a", "b", "c", to: pipeline)
        try await sender.waitFor(attempts: 1)
        #expect(await pipeline.queues.drain(within: .milliseconds(10)) == 3)
        #expect(await pipeline.dropped == 3)
        #expect(
            log.lines.last == "error: samples were not delivered before the end publisher=there://a samples=3")
    }

    @Test func anotherSenderTakesOverWhatWaits() async throws {
        let spool = try await spool()
        let away = ScriptedSender(isThere: false)
        let first = try await pipeline(away, spool)
        await publish("a", to: first)
        try await away.waitFor(attempts: 1)
        let sender = ScriptedSender()
        let text = "sources: [{name: a, meters: ['*'], sinks: [s]}]\nsinks: [{name: s, publishers: ['there://a?x=2']}]"
        let next = try Pipeline(
            PipelineDefinition(file: "pipeline.yaml", text: text),
            publishers: [
                PublisherRegistration(scheme: "there", options: ["x"]) { _ throws(Mistake) -> any Sender in sender }
            ],
            spool: spool, reusing: first.queues, log: log.logger)
        await next.begin()
        await publish("b", to: next)
        try await sender.waitFor(batches: 2)
        #expect(await sender.batches == ["a", "b"])
    }

    @Test func onePlaceInTwoWaysIsRefused() async throws {
        let text = """
            sources: [{name: a, meters: ['*'], sinks: [s]}]
            sinks: [{name: s, publishers: ['there://a', 'there://me:secret@a']}]
            """
        let mistakes = #expect(throws: Mistakes.self) {
            try Pipeline(
                PipelineDefinition(file: "pipeline.yaml", text: text),
                publishers: [
                    PublisherRegistration(scheme: "there", options: []) { _ throws(Mistake) -> any Sender in
                        ScriptedSender()
                    }
                ], log: log.logger)
        }
        #expect(
            mistakes?.description
                == "pipeline.yaml:2: publisher there://me:***@a: a second one that leads to the same place in another way; "
                + "allowed: the same user, password and options wherever it is named")
    }

    @Test(.enabled(if: SmallDisk.unavailable == nil, "no small disk can be mounted here"))
    func whatWaitsInMemoryGoesToADiskWithRoomAgainThoughNobodyTakesItAndNothingNewComes() async throws {
        let disk = try SmallDisk(mebibytes: 2)
        let sender = ScriptedSender()
        let pipeline = try await pipeline(sender, spool(in: disk.path))
        await sender.goAway()
        await publish("a", to: pipeline)
        try disk.fill()
        var number = 0
        while await pipeline.isSettled, number < 20 {
            number += 1
            await publish("\(number)\(String(repeating: "x", count: 200_000))", to: pipeline)
        }
        #expect(await !pipeline.isSettled)
        disk.free()
        await pipeline.settle(by: .now + .seconds(30))
        #expect(await pipeline.isSettled)
        #expect(log.lines.contains("notice: samples are spooled again publisher=there://a"))
        await sender.comeBack()
        try await sender.waitFor(batches: number + 1)
        #expect(await sender.batches.map { $0.prefix { $0 != "x" } } == ["a"] + (1...number).map { "\($0)" })
    }

    @Test(.enabled(if: SmallDisk.unavailable == nil, "no small disk can be mounted here"))
    func aFullDiskStopsNothing() async throws {
        let disk = try SmallDisk(mebibytes: 2)
        let sender = ScriptedSender()
        let pipeline = try await pipeline(sender, spool(in: disk.path))
        await publish("a", to: pipeline)
        try await sender.waitFor(batches: 1)
        try disk.fill()
        // Long names fill what the database still had.
        let long = String(repeating: "x", count: 200_000)
        var sent = ["a"]
        await sender.goAway()
        for number in 1...20 {
            await publish("\(number)\(long)", to: pipeline)
            sent.append("\(number)\(long)")
            if log.lines.contains(where: { $0.contains("can't be spooled") }) { break }
        }
        #expect(
            log.lines.contains {
                $0.hasPrefix("error: samples can't be spooled; they wait in memory error=could not ")
                    && $0.contains("disk is full") && $0.contains("publisher=there://a")
            }, "\(log.lines)")
        await publish("b", to: pipeline)
        await sender.comeBack()
        sent.append("b")
        try await sender.waitFor(batches: sent.count)
        #expect(await sender.batches == sent)
        disk.free()
        await publish("c", to: pipeline)
        try await sender.waitFor(batches: sent.count + 1)
        #expect(await sender.batches.last == "c")
        #expect(log.lines.contains("notice: samples are spooled again publisher=there://a"))
        #expect(await pipeline.dropped == 0)
    }
}
