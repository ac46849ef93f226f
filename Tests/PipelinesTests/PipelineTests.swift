// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Settings
import Telemetry
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PipelineTests {
    private let log = LogMemory()
    private let a = ScriptedPublisher()
    private let b = ScriptedPublisher()

    private func pipeline(_ text: String, reusing old: [PublisherQueue] = []) throws -> Pipeline {
        try Pipeline(
            PipelineDefinition(file: "pipeline.yaml", text: text), publishers: .scripted(["a": a, "b": b]),
            reusing: old, log: log.logger)
    }

    private func delivered(_ pipeline: Pipeline, _ samples: [Sample]) async -> [[[String]]] {
        await pipeline.publish(samples)
        _ = await pipeline.queues.drain(within: .seconds(30))
        return await [a.batches, b.batches]
    }

    @Test func aSampleGoesWhereASourceTakesIt() async throws {
        let pipeline = try pipeline(
            """
            sources:
            - {name: cpu, meters: ["cpu*"], sinks: [a]}
            - {name: rest, meters: ["!cpu*"], sinks: [b]}
            sinks:
            - {name: a, publishers: ["test://a"]}
            - {name: b, publishers: ["test://b"]}
            """)
        let samples = ["cpu", "memory.usage", "cpu_util"].map { Sample.of($0) }
        #expect(await delivered(pipeline, samples) == [[["cpu", "cpu_util"]], [["memory.usage"]]])
    }

    @Test func aSampleGoesToEveryPublisherOfASink() async throws {
        let pipeline = try pipeline(
            "sources: [{name: x, meters: ['*'], sinks: [s]}]\nsinks: [{name: s, publishers: ['test://a', 'test://b']}]")
        #expect(await delivered(pipeline, [.of("cpu")]) == [[["cpu"]], [["cpu"]]])
    }

    @Test func aSampleGoesOnceToAURLHoweverManyWaysLeadThere() async throws {
        let pipeline = try pipeline(
            """
            sources:
            - {name: x, meters: ['*'], sinks: [s, t]}
            - {name: y, meters: [cpu], sinks: [t]}
            sinks:
            - {name: s, publishers: ['test://a', 'test://a']}
            - {name: t, publishers: ['test://a']}
            """)
        #expect(pipeline.queues.count == 1)
        #expect(await delivered(pipeline, [.of("cpu")]) == [[["cpu"]], []])
    }

    @Test func otherOptionsMakeAnotherQueue() throws {
        let pipeline = try pipeline(
            "sources: [{name: x, meters: ['*'], sinks: [s]}]\n"
                + "sinks: [{name: s, publishers: ['test://a', 'test://a?x=1', 'test://a?x=2']}]")
        #expect(pipeline.queues.map(\.name) == ["test://a", "test://a?x=…", "test://a?x=…"])
    }

    private let toA =
        "sources: [{name: x, meters: ['!nobody'], sinks: [s]}]\nsinks: [{name: s, publishers: ['test://a']}]"

    @Test(arguments: [Volume(Double.nan), Volume(Double.infinity)])
    func aVolumeThatIsNoNumberIsRefusedAndCounted(volume: Volume) async throws {
        let pipeline = try pipeline(toA)
        #expect(await delivered(pipeline, [.of("cpu", volume), .of("memory")]) == [[["memory"]], []])
        #expect(await pipeline.refused == 1)
        #expect(
            log.lines == [
                "warning: sample dropped: its volume is not a number dropped so far=1 meter=cpu resource=vm-1"
            ])
    }

    @Test func aMeterThatNoSourceTakesIsSaidOnce() async throws {
        let pipeline = try pipeline(toA)
        #expect(await delivered(pipeline, [.of("nobody"), .of("nobody")]) == [[], []])
        #expect(log.lines == ["warning: no pipeline source takes this meter; its samples go nowhere meter=nobody"])
    }

    @Test func aReloadKeepsTheQueuesOfEqualURLs() throws {
        let first = try pipeline(toA)
        let second = try pipeline(toA.replacing("test://a'", with: "test://b', 'test://a'"), reusing: first.queues)
        #expect(second.queues.count == 2)
        #expect(second.queues.filter { queue in first.queues.contains { $0 === queue } }.map(\.name) == ["test://a"])
    }

    @Test func whatWaitsGoesOutAfterAReload() async throws {
        let slow = ScriptedPublisher(isOpen: false)
        let definition = try PipelineDefinition(file: "pipeline.yaml", text: toA)
        let first = try Pipeline(definition, publishers: .scripted(["a": slow]), log: log.logger)
        await first.publish([.of("before")])
        let second = try Pipeline(
            definition, publishers: .scripted(["a": slow]), reusing: first.queues, log: log.logger)
        await second.publish([.of("after")])
        await slow.open()
        _ = await second.queues.drain(within: .seconds(30))
        #expect(await slow.batches == [["before"], ["after"]])
    }

    @Test func everyPublisherThatCannotBeIsTold() throws {
        let text = toA.replacing("'test://a'", with: "'tset://a', 'test://a?y=1', 'test://c'")
        let mistakes = #expect(throws: Mistakes.self) { try pipeline(text) }
        #expect(
            mistakes?.all.map(\.description) == [
                "pipeline.yaml:2: publishers: unknown name \"tset://\"; allowed: one of test://; did you mean test://?",
                "pipeline.yaml:2: publisher test://a?y=…, options: unknown name \"y\"; allowed: x; did you mean x?",
                "pipeline.yaml:2: publisher test://c: no such test; allowed: one of the test's",
            ])
    }
}
