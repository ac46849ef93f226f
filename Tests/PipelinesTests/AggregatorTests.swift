// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Telemetry
import Testing

@Suite struct AggregatorTests {
    private func aggregator(_ parameters: String) throws -> Transformation {
        try Transformation("name: aggregator\nparameters: {\(parameters)}")
    }

    @Test func gaugesAreAveragedDeltasSummedCountersKeepTheLast() throws {
        var aggregator = try aggregator("size: 9")
        let samples = [28, 34, 1].flatMap { volume in
            [Meter.temperature, .requests, .cpu].map { Sample.reading($0, Volume(volume)) }
        }
        #expect(
            aggregator(samples).map(\.brief) == [
                "temperature 21.0 °C gauge", "requests 63 request delta", "cpu 1 ns cumulative",
            ])
    }

    @Test func samplesGoOutWhenThereAreSoMany() throws {
        var aggregator = try aggregator("size: 2")
        #expect(aggregator([.reading(.requests, 1)]).isEmpty)
        #expect(aggregator([.reading(.requests, 2), .reading(.requests, 5, of: "vm-2")]).map(\.volume) == [3, 5])
        #expect(aggregator([.reading(.requests, 7)]).isEmpty)
    }

    @Test func samplesGoOutAfterSomeTime() throws {
        var aggregator = try aggregator("size: 900, retention_time: 60")
        #expect(aggregator([.reading(.requests, 1)], at: 1000).isEmpty)
        #expect(aggregator([.reading(.requests, 2)], at: 1060).isEmpty)
        #expect(aggregator([], at: 1061).map(\.volume) == [3])
        #expect(aggregator([], at: 1200).isEmpty)
    }

    @Test(arguments: ["", "size: 0", "size: '1'"]) func withoutALimitEachBatchGoesOut(parameters: String) throws {
        var aggregator = try aggregator(parameters)
        #expect(aggregator([.reading(.requests, 1), .reading(.requests, 2)]).map(\.volume) == [3])
    }

    @Test(arguments: ["retention_time: 60", "size: 0, retention_time: '60'"])
    func timeAloneMayBeTheLimit(parameters: String) throws {
        var aggregator = try aggregator(parameters)
        #expect(aggregator((1...500).map { .reading(.requests, Volume($0)) }, at: 10).isEmpty)
        #expect(aggregator([], at: 71).map(\.volume) == [125_250])
    }

    @Test func atTheEndAllGoesOut() throws {
        var aggregator = try aggregator("size: 900")
        _ = aggregator([.reading(.requests, 1)])
        #expect(aggregator([], isLast: true).map(\.volume) == [1])
    }

    private let two = [
        Sample.reading(.requests, 1, metadata: ["a": 1], user: "u1", project: "p1"),
        .reading(.requests, 2, after: 60, metadata: ["a": 2], user: "u2", project: "p1"),
    ]

    @Test func usersAndProjectsAreKeptApart() throws {
        var aggregator = try aggregator("size: 2")
        #expect(aggregator(two).map(\.userID) == ["u1", "u2"])
    }

    @Test(arguments: [("first", "u1"), ("last", "u2")]) func unlessOneOfThemIsAskedFor(which: String, user: String)
        throws
    {
        var aggregator = try aggregator("size: 2, user_id: \(which)")
        let results = aggregator(two)
        #expect(results.map(\.userID) == [user] && results.map(\.volume) == [3])
    }

    @Test func samplesOfNobodyAreOneGroup() throws {
        var aggregator = try aggregator("size: 2")
        #expect(
            aggregator([.reading(.requests, 1, user: nil), .reading(.requests, 2, user: nil)]).map(\.volume) == [3])
    }

    @Test(arguments: [("", 2), ("resource_metadata: last, ", 2), ("resource_metadata: first, ", 1)])
    func metadataAreTheLastUnlessSaid(parameter: String, a: Int) throws {
        var aggregator = try aggregator("\(parameter)size: 2, user_id: last")
        #expect(aggregator(two).map(\.resourceMetadata) == [["a": .integer(Int64(a))]])
    }

    @Test func metadataMayBeDropped() throws {
        var aggregator = try aggregator("resource_metadata: drop, size: 2, user_id: last")
        #expect(aggregator(two).map(\.resourceMetadata) == [[:]])
    }

    @Test(arguments: [("", "2026-11-21T12:00:00"), ("timestamp: last, ", "2026-11-21T12:01:00")])
    func theTimestampIsTheFirstUnlessSaid(parameter: String, timestamp: String) throws {
        var aggregator = try aggregator("\(parameter)size: 2, user_id: last")
        #expect(aggregator(two).map(\.timestamp.description) == [timestamp])
    }

    @Test func aTargetConvertsTheResult() throws {
        var aggregator = try aggregator("size: 2, target: {name: t, unit: K, scale: volume + 273, max: 300}")
        #expect(
            aggregator([.reading(.temperature, 20), .reading(.temperature, 21)]).map(\.brief) == ["t 293.5 K gauge"])
        #expect(aggregator([.reading(.temperature, 20), .reading(.temperature, 61)]).map(\.brief) == ["t 300 K gauge"])
    }

    @Test func whatHasNoVolumeIsLeftOut() throws {
        var aggregator = try aggregator("size: 1, target: {scale: 1 / volume}")
        #expect(aggregator([.reading(.requests, 0), .reading(.requests, 4)]).map(\.volume) == [0.25])
        #expect(aggregator.drops == [.noValue: 1])
    }
}
