// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Telemetry
import Testing

@Suite struct DeltaTests {
    private let cpuDelta = "name: delta\nparameters: {target: {name: cpu.delta}, growth_only: true}"

    @Test func isTheChangeSinceTheSampleBefore() throws {
        var delta = try Transformation("name: delta\nparameters: {target: {name: cpu.delta}}")
        let samples = [26, 16, 53].enumerated().map {
            Sample.reading(.cpu, Volume($1), after: Double($0))
        }
        #expect(delta.oneByOne(samples).map(\.brief) == ["cpu.delta -10 ns delta", "cpu.delta 37 ns delta"])
        #expect(delta.drops == [.noPredecessor: 1])
    }

    @Test func growthAloneMayBeAskedFor() throws {
        var delta = try Transformation(cpuDelta)
        let samples = [0, 1000, 900, 1100].enumerated().map { Sample.reading(.cpu, Volume($1), after: Double($0)) }
        #expect(delta.oneByOne(samples).map(\.volume) == [1000, 200])
        #expect(delta.drops == [.noPredecessor: 1, .shrunk: 1])
    }

    @Test func whatDidNotChangeIsADeltaOfZero() throws {
        var delta = try Transformation(cpuDelta)
        #expect(delta([.reading(.cpu, 5), .reading(.cpu, 5, after: 1)]).map(\.volume) == [0])
    }

    @Test func whatComesTooLateIsDropped() throws {
        var delta = try Transformation(cpuDelta)
        let samples = [Sample.reading(.cpu, 10, after: 60), .reading(.cpu, 5), .reading(.cpu, 12, after: 120)]
        #expect(delta.oneByOne(samples).map(\.volume) == [2])
        #expect(delta.drops == [.noPredecessor: 1, .outOfOrder: 1])
    }

    @Test func wholeNumbersAreExact() throws {
        var delta = try Transformation("name: delta")
        _ = delta([.reading(.cpu, Volume(UInt64.max))])
        #expect(delta([.reading(.cpu, Volume(UInt64.max - 1), after: 1)]).map(\.volume) == [-1])
        #expect(delta([.reading(.cpu, 0, after: 2)]).map(\.volume) == [-1.8446744073709552e19])
        #expect(delta([.reading(.cpu, Volume(UInt64.max), after: 3)]).map(\.volume) == [Volume(UInt64.max)])
        #expect(delta([.reading(.cpu, 0.5, after: 4)]).map(\.volume) == [-1.8446744073709552e19])
    }

    @Test func aNameMayBeMapped() throws {
        var delta = try Transformation(
            "name: delta\nparameters: {source: {map_from: {name: '$'}}, target: {map_to: {name: .delta}}}")
        #expect(delta([.reading(.cpu, 5), .reading(.cpu, 6, after: 1)]).map(\.name) == ["cpu.delta"])
    }
}
