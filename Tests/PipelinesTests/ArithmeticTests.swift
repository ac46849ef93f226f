// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Telemetry
import Testing

@Suite struct ArithmeticTests {
    private let memory = Meter("memory", .gauge, unit: "MiB")
    private let usage = Meter("memory.usage", .gauge, unit: "MiB")
    private let other = Meter("other", .cumulative, unit: "x")

    private func arithmetic(_ expression: String, more: String = "") throws -> Transformation {
        try Transformation(
            "name: arithmetic\nparameters: {target: {name: memory_util, unit: '%', type: gauge, "
                + "expr: \"\(expression)\"\(more)}}")
    }

    private let share = "100.0 * $(memory.usage) / $(memory)"

    @Test func computesFromSeveralMeters() throws {
        var share = try arithmetic(share)
        #expect(share([.reading(memory, 1024), .reading(usage, 512)]).map(\.brief) == ["memory_util 50.0 % gauge"])
    }

    @Test func metersMayComeOneByOneAndResourcesMixed() throws {
        var share = try arithmetic(share)
        let samples = [
            Sample.reading(memory, 1024), .reading(memory, 2048, of: "vm-2"), .reading(usage, 512, of: "vm-2"),
            .reading(usage, 512),
        ]
        let results = share.oneByOne(samples)
        #expect(results.map(\.resourceID) == ["vm-2", "vm-1"] && results.map(\.volume) == [25.0, 50.0])
    }

    @Test func eachResultNeedsAllMetersAnew() throws {
        var share = try arithmetic(share)
        let samples = [2048, 512, 1024].enumerated().map { Sample.reading($0 == 1 ? usage : memory, Volume($1)) }
        #expect(share.oneByOne(samples).map(\.volume) == [25.0])
    }

    @Test func theLatestOfAMeterCounts() throws {
        var share = try arithmetic(share)
        let samples = [Sample.reading(memory, 4096), .reading(memory, 1024, after: 1), .reading(usage, 256, after: 1)]
        #expect(share.oneByOne(samples).map(\.volume) == [25.0])
    }

    @Test func aMissingMeterMeansNoResult() throws {
        var share = try arithmetic(share)
        #expect(share([.reading(usage, 512), .reading(other, 7)]).isEmpty)
        #expect(share.drops.isEmpty)
    }

    @Test func otherMetersGoNowhere() throws {
        var share = try arithmetic(share)
        let samples = [Sample.reading(memory, 1024), .reading(other, 7), .reading(usage, 512)]
        #expect(share(samples).map(\.volume) == [50.0])
    }

    @Test func theFirstMeterLendsWhatIsNotSaid() throws {
        var sum = try Transformation("name: arithmetic\nparameters: {target: {expr: $(other) + $(memory)}}")
        let results = sum([
            .reading(memory, 1, after: 60, metadata: ["a": 1], user: "u2"),
            .reading(other, 2, metadata: ["b": 2], user: "u1"),
        ])
        #expect(results.map(\.brief) == ["other 3.0 x cumulative"])
        #expect(results.map(\.userID) == ["u1"] && results.map(\.resourceMetadata) == [["b": 2]])
        #expect(results.map(\.timestamp.description) == ["2026-11-21T12:01:00"])
    }

    @Test func metadataMayBeUsed() throws {
        var perCPU = try arithmetic("$(memory) / ($(memory).resource_metadata.vcpus or 1)")
        #expect(perCPU([.reading(memory, 1024, metadata: ["vcpus": 4])]).map(\.volume) == [256.0])
        #expect(perCPU([.reading(memory, 1024)]).map(\.volume) == [1024.0])
    }

    @Test(arguments: [
        ("float('nan') * $(memory)", "nan is no volume"), ("$(memory) / 0", "column 11: division by zero"),
        ("$(memory).name", "memory is no volume"), ("$(memory).x + 1", "column 1: memory.x is missing"),
    ])
    func whatHasNoVolumeIsDropped(expression: String, words: String) throws {
        var arithmetic = try arithmetic(expression)
        #expect(arithmetic([.reading(memory, 1024)]).isEmpty)
        #expect(arithmetic.drops == [.noValue: 1] && arithmetic.details[.noValue] == words)
    }
}
