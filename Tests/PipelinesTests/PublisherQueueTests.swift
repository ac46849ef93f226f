// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Telemetry
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PublisherQueueTests {
    private let log = LogMemory()

    private func queue(_ publisher: ScriptedPublisher, mostSamples: Int = 100_000) -> PublisherQueue {
        PublisherQueue(
            name: "test://a", identity: "test://a?", publisher: publisher, mostSamples: mostSamples, log: log.logger)
    }

    @Test func batchesGoOutInTheirOrder() async {
        let publisher = ScriptedPublisher()
        let queue = queue(publisher)
        for number in 1...20 { await queue.put([.of("a\(number)"), .of("b\(number)")]) }
        #expect(await [queue].drain(within: .seconds(30)) == 0)
        #expect(await publisher.batches == (1...20).map { ["a\($0)", "b\($0)"] })
    }

    @Test func aBatchThatIsRefusedIsTriedAgainUntilItGoes() async {
        let publisher = ScriptedPublisher(refusals: 2)
        let queue = queue(publisher)
        await queue.put([.of("a")])
        await queue.put([.of("b")])
        #expect(await [queue].drain(within: .seconds(30)) == 0)
        #expect(await publisher.batches == [["a"], ["b"]])
        #expect(await publisher.attempts == 4)
        #expect(await queue.dropped == 0)
    }

    @Test func aRefusalIsSaidOnceAndItsEndOnce() async {
        let queue = queue(ScriptedPublisher(refusals: 2))
        await queue.put([.of("a")])
        _ = await [queue].drain(within: .seconds(30))
        #expect(
            log.lines == [
                "error: publisher refuses samples; they wait error=Refusal() publisher=test://a",
                "notice: publisher accepts samples again dropped so far=0 publisher=test://a",
            ])
    }

    @Test func whoHandsSamplesOverDoesNotWaitForTheReceiver() async {
        let publisher = ScriptedPublisher(isOpen: false)
        let queue = queue(publisher)
        await queue.put([.of("a")])
        await queue.put([.of("b")])
        #expect(await publisher.batches == [])
        await publisher.open()
        _ = await [queue].drain(within: .seconds(30))
        #expect(await publisher.batches == [["a"], ["b"]])
    }

    @Test func pastTheBoundTheOldestThatWaitAreDroppedAndCounted() async {
        let publisher = ScriptedPublisher(isOpen: false)
        let queue = queue(publisher, mostSamples: 4)
        for name in ["a", "b", "c", "d"] { await queue.put([.of(name), .of(name)]) }
        #expect(await queue.dropped == 4)
        await publisher.open()
        _ = await [queue].drain(within: .seconds(30))
        // The first was on its way already.
        #expect(await publisher.batches == [["a", "a"], ["d", "d"]])
        let words = "the publisher does not keep up; the oldest samples are dropped"
        #expect(
            log.lines == [
                "error: \(words) dropped so far=2 publisher=test://a",
                "debug: \(words) dropped so far=4 publisher=test://a",
                "notice: publisher accepts samples again dropped so far=4 publisher=test://a",
            ])
    }

    @Test func aBatchLargerThanTheBoundGoesOutAlone() async {
        let publisher = ScriptedPublisher()
        let queue = queue(publisher, mostSamples: 2)
        await queue.put([.of("a"), .of("b"), .of("c")])
        _ = await [queue].drain(within: .seconds(30))
        #expect(await publisher.batches == [["a", "b", "c"]])
    }

    @Test func anEmptyBatchIsNone() async {
        let publisher = ScriptedPublisher()
        let queue = queue(publisher)
        await queue.put([])
        _ = await [queue].drain(within: .seconds(30))
        #expect(await publisher.attempts == 0)
    }

    @Test func drainingAnEmptyQueueTakesNoTime() async {
        #expect(await [queue(ScriptedPublisher())].drain(within: .seconds(3600)) == 0)
        #expect(await [PublisherQueue]().drain(within: .seconds(3600)) == 0)
    }

    @Test func drainGivesUpWhenTheTimeIsUpAndCounts() async {
        let publisher = ScriptedPublisher(isOpen: false)
        let queue = queue(publisher)
        await queue.put([.of("a"), .of("b")])
        await queue.put([.of("c")])
        await publisher.hasBeenAsked()
        #expect(await [queue].drain(within: .milliseconds(1)) == 3)
        #expect(await queue.dropped == 3)
        #expect(log.lines == ["error: samples were not delivered before the end publisher=test://a samples=3"])
        await publisher.open()
    }

    @Test func drainGivesUpOnlyWhatIsStuck() async {
        let (good, stuck) = (ScriptedPublisher(), ScriptedPublisher(isOpen: false))
        let queues = [queue(good), queue(stuck)]
        for queue in queues { await queue.put([.of("a")]) }
        _ = await [queues[0]].drain(within: .seconds(30))
        #expect(await queues.drain(within: .milliseconds(1)) == 1)
        #expect(await good.batches == [["a"]])
        await stuck.open()
    }
}
