// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Settings
import Telemetry
import TestSupport
import Testing

/// Transformers at work between sinks and publishers.
@Suite(.timeLimit(.minutes(1))) struct PipelineTransformerTests {
    private let log = LogMemory()
    private let a = ScriptedPublisher()
    private let b = ScriptedPublisher()

    private func pipeline(_ text: String, after last: Pipeline? = nil) throws -> Pipeline {
        try Pipeline(
            PipelineDefinition(file: "pipeline.yaml", text: text), publishers: .scripted(["a": a, "b": b]),
            reusing: last?.queues ?? [], remembering: last?.transformers ?? [], log: log.logger)
    }

    private func delivered(_ pipeline: Pipeline) async -> [[[String]]] {
        _ = await pipeline.queues.drain(within: .seconds(30))
        return await [a.batches, b.batches]
    }

    private func cpu(_ minute: Int) -> Sample {
        .reading(.cpu, Volume(minute * 6_000_000_000), after: Double(minute * 60))
    }

    private let rate =
        "{name: rate_of_change, parameters: {target: {name: cpu_util, scale: 100.0 / 10**9, type: gauge}}}"

    private func twoSinks(_ transformers: String) -> String {
        """
        sources:
        - {name: all, meters: ["*"], sinks: [plain]}
        - {name: cpu, meters: [cpu], sinks: [changed]}
        sinks:
        - {name: plain, publishers: ["test://a"]}
        - {name: changed, transformers: [\(transformers)], publishers: ["test://a", "test://b"]}
        """
    }

    @Test func otherSinksOfAURLGetSamplesAsTheyAre() async throws {
        let pipeline = try pipeline(twoSinks(rate))
        for minute in 0...1 { await pipeline.publish([cpu(minute), .of("memory")]) }
        #expect(await delivered(pipeline) == [[["cpu", "memory"], ["cpu", "memory", "cpu_util"]], [["cpu_util"]]])
        #expect(await pipeline.dropped == 0 && log.lines.isEmpty)
    }

    @Test func aSampleThatNothingChangedGoesOnceToAURL() async throws {
        let pipeline = try pipeline(
            twoSinks("{name: unit_conversion, parameters: {source: {unit: B}, target: {name: x}}}"))
        await pipeline.publish([cpu(0)])
        #expect(await delivered(pipeline) == [[["cpu"]], [["cpu"]]])
    }

    @Test func transformersStandOneBehindTheOther() async throws {
        let pipeline = try pipeline(
            twoSinks(
                """
                {name: accumulator, parameters: {size: 2}}, \(rate),
                {name: aggregator, parameters: {size: 1, target: {name: cpu_mean}}}
                """))
        for minute in 0...4 { await pipeline.publish([cpu(minute)]) }
        #expect(await delivered(pipeline)[1] == [["cpu_mean"], ["cpu_mean"]])
    }

    @Test func whatIsHeldBackGoesOutWithoutASampleOfItsOwn() async throws {
        let pipeline = try pipeline(
            twoSinks("{name: aggregator, parameters: {retention_time: 0.01, target: {name: cpu_mean}}}"))
        await pipeline.publish([cpu(0)])
        try await Task.sleep(for: .milliseconds(50))
        await pipeline.publish([])
        #expect(await delivered(pipeline) == [[["cpu"], ["cpu_mean"]], [["cpu_mean"]]])
    }

    @Test func whatIsHeldBackGoesOutAtTheEnd() async throws {
        let pipeline = try pipeline(
            twoSinks(
                "{name: accumulator, parameters: {size: 9}}, {name: unit_conversion, parameters: {target: {name: x}}}"))
        for minute in 0...2 { await pipeline.publish([cpu(minute)]) }
        await pipeline.finish()
        #expect(await delivered(pipeline)[1] == [["x", "x", "x"]])
    }

    @Test func aReloadGoesOnWithItsRates() async throws {
        let first = try pipeline(twoSinks(rate))
        await first.publish([cpu(0)])
        let second = try pipeline("# as before\n" + twoSinks(rate), after: first)
        await first.finish(sparing: second.transformers)
        await second.publish([cpu(1)])
        #expect(await delivered(second)[1] == [["cpu_util"]])
    }

    @Test func aReloadWithOtherTransformersBeginsAnewAndLosesNothing() async throws {
        let first = try pipeline(twoSinks("{name: accumulator, parameters: {size: 9}}"))
        await first.publish([cpu(0)])
        let second = try pipeline(twoSinks(rate), after: first)
        await first.finish(sparing: second.transformers)
        await second.publish([cpu(1)])
        #expect(await delivered(second)[1] == [["cpu"]])
    }

    @Test func aFaultIsCountedAndSaidOnce() async throws {
        let pipeline = try pipeline(twoSinks("{name: unit_conversion, parameters: {target: {scale: 1 / 0}}}"))
        for minute in 0...2 { await pipeline.publish([cpu(minute)]) }
        #expect(await delivered(pipeline) == [[["cpu"], ["cpu"], ["cpu"]], []])
        #expect(await pipeline.dropped == 3)
        #expect(
            log.lines == [
                "warning: a transformer drops a sample: its expression has no value; said once "
                    + "error=column 3: division by zero meter=cpu resource=vm-1 sink=changed transformer=unit_conversion"
            ])
    }

    @Test func anUnfinishedSumOfLargeNumbersIsRefused() async throws {
        let pipeline = try pipeline(twoSinks("{name: aggregator, parameters: {size: 2}}"))
        let huge = Sample.reading(Meter("cpu", .delta, unit: ""), 1.7e308)
        await pipeline.publish([huge])
        await pipeline.publish([huge])
        #expect(await delivered(pipeline)[1].isEmpty)
        #expect(await pipeline.refused == 1)
    }

    /// The sinks of the pipeline that Ceilometer came with when it still had transformers.
    private let seed = #"""
        sources:
            - {name: meter_source, meters: ["*"], sinks: [meter_sink]}
            - {name: cpu_source, meters: ["cpu"], sinks: [cpu_sink, cpu_delta_sink]}
            - name: disk_source
              meters: ["disk.read.bytes", "disk.write.requests", "disk.device.read.bytes"]
              sinks: [disk_sink]
            - {name: network_source, meters: ["network.incoming.bytes", "network.outgoing.packets"], sinks: [network_sink]}
        sinks:
            - name: meter_sink
              transformers:
              publishers: ["test://a"]
            - name: cpu_sink
              transformers:
                  - name: "rate_of_change"
                    parameters:
                        target:
                            name: "cpu_util"
                            unit: "%"
                            type: "gauge"
                            scale: "100.0 / (10**9 * (resource_metadata.cpu_number or 1))"
              publishers: ["test://b"]
            - name: cpu_delta_sink
              transformers:
                  - name: "delta"
                    parameters:
                        target:
                            name: "cpu.delta"
                        growth_only: True
              publishers: ["test://b"]
            - name: disk_sink
              transformers:
                  - name: "rate_of_change"
                    parameters:
                        source:
                            map_from:
                                name: "(disk\\.device|disk)\\.(read|write)\\.(bytes|requests)"
                                unit: "(B|request)"
                        target:
                            map_to:
                                name: "\\1.\\2.\\3.rate"
                                unit: "\\1/s"
                            type: "gauge"
              publishers: ["test://b"]
            - name: network_sink
              transformers:
                  - name: "rate_of_change"
                    parameters:
                        source:
                           map_from:
                               name: "network\\.(incoming|outgoing)\\.(bytes|packets)"
                               unit: "(B|packet)"
                        target:
                            map_to:
                                name: "network.\\1.\\2.rate"
                                unit: "\\1/s"
                            type: "gauge"
              publishers: ["test://b"]
        """#

    @Test func ceilometersOwnPipelineOfThoseDaysWorks() async throws {
        let pipeline = try pipeline(seed)
        let meters = [
            Meter.cpu, Meter("disk.read.bytes", .cumulative, unit: "B"),
            Meter("disk.write.requests", .cumulative, unit: "request"),
            Meter("disk.device.read.bytes", .cumulative, unit: "B"),
            Meter("network.incoming.bytes", .cumulative, unit: "B"),
            Meter("network.outgoing.packets", .cumulative, unit: "packet"), Meter("memory", .gauge, unit: "MiB"),
        ]
        for (seconds, volume) in [(0.0, 0), (60.0, 120_000_000_000)] {
            await pipeline.publish(
                meters.map { .reading($0, Volume(volume), after: seconds, metadata: ["cpu_number": 4]) })
        }
        _ = await delivered(pipeline)
        #expect(await a.samples.map(\.name) == meters.map(\.name) + meters.map(\.name))
        #expect(
            await b.samples.map(\.brief) == [
                "cpu_util 50.0 % gauge", "cpu.delta 120000000000 ns delta",
                "disk.read.bytes.rate 2000000000.0 B/s gauge",
                "disk.write.requests.rate 2000000000.0 request/s gauge",
                "disk.device.read.bytes.rate 2000000000.0 B/s gauge",
                "network.incoming.bytes.rate 2000000000.0 B/s gauge",
                "network.outgoing.packets.rate 2000000000.0 packet/s gauge",
            ])
        #expect(await pipeline.dropped == 0 && log.lines.isEmpty)
    }
}
