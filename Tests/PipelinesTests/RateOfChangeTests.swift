// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Telemetry
import Testing

@Suite struct RateOfChangeTests {
    /// As in the pipeline that Ceilometer came with.
    private static func cpuUtil(weight: String = "", more: String = "") -> String {
        """
        name: rate_of_change
        parameters:
          target:
            name: cpu_util
            unit: "%"
            type: gauge
            scale: "100.0 / (10**9 * (resource_metadata.cpu_number or 1))\(weight)"
            \(more)
        """
    }

    private let four: Metadata = ["cpu_number": 4]

    /// From one volume to another within a minute.
    private func rates(
        _ transformer: String, _ from: Volume, _ to: Volume, kind: Meter.Kind = .cumulative, after seconds: Double = 60
    ) throws -> [String] {
        let meter = Meter("cpu", kind, unit: "ns")
        var rate = try Transformation(transformer)
        return rate([.reading(meter, from, metadata: four), .reading(meter, to, after: seconds, metadata: four)])
            .map(\.brief)
    }

    @Test func cpuTimeBecomesUtilisation() throws {
        #expect(try rates(Self.cpuUtil(), 120_000_000_000, 180_000_000_000) == ["cpu_util 25.0 % gauge"])
    }

    @Test func aWeightInTheScaleCounts() throws {
        var rate = try Transformation(Self.cpuUtil(weight: " * (resource_metadata.user_metadata.weight or 1.0)"))
        func both(_ volume: Volume, after seconds: Double) -> [Sample] {
            let weighted: Metadata = ["cpu_number": 4, "user_metadata": .object(["weight": 1.1])]
            return [
                .reading(.cpu, volume, after: seconds, metadata: weighted),
                .reading(.cpu, volume, after: seconds, of: "vm-2", metadata: four),
            ]
        }
        _ = rate(both(120_000_000_000, after: 0))
        #expect(rate(both(180_000_000_000, after: 60)).map(\.volume) == [27.5, 25.0])
    }

    @Test func aCounterThatWentBackStartedAnew() throws {
        #expect(try rates(Self.cpuUtil(), 180_000_000_000, 120_000_000_000) == ["cpu_util 50.0 % gauge"])
    }

    @Test func aGaugeMayFall() throws {
        #expect(
            try rates(Self.cpuUtil(), 180_000_000_000, 120_000_000_000, kind: .gauge) == ["cpu_util -25.0 % gauge"])
    }

    @Test func withoutTimeBetweenThemThereIsNoRate() throws {
        #expect(try rates(Self.cpuUtil(), 120_000_000_000, 120_000_000_000, after: 0) == ["cpu_util 0.0 % gauge"])
        #expect(try rates(Self.cpuUtil(), 120_000_000_000, 180_000_000_000, after: 0) == ["cpu_util 0.0 % gauge"])
    }

    @Test func theLargestIsTheLimit() throws {
        #expect(
            try rates(Self.cpuUtil(more: "max: 100"), 0, 600_000_000_000) == ["cpu_util 100 % gauge"])
        #expect(
            try rates(Self.cpuUtil(more: "max: 100"), 120_000_000_000, 180_000_000_000) == ["cpu_util 25.0 % gauge"])
        #expect(try rates(Self.cpuUtil(), 0, 600_000_000_000) == ["cpu_util 250.0 % gauge"])
    }

    @Test func withoutANumberOfCPUsThereIsOne() throws {
        var rate = try Transformation(Self.cpuUtil())
        let samples = [Sample.reading(.cpu, 0), .reading(.cpu, 6_000_000_000, after: 60)]
        #expect(rate(samples).map(\.brief) == ["cpu_util 10.0 % gauge"])
    }

    @Test func withoutAScaleItIsTheGrowthInASecond() throws {
        #expect(try rates("name: rate_of_change", 100, 400, after: 60) == ["cpu 5.0 ns cumulative"])
    }

    @Test func aScaleThatIsANumberTimesTheRate() throws {
        let rate = "name: rate_of_change\nparameters: {target: {scale: 0.001, unit: us/s}}"
        #expect(try rates(rate, 100, 60_100, after: 60) == ["cpu 1.0 us/s cumulative"])
    }

    @Test func theFirstHasNoRate() throws {
        var rate = try Transformation(Self.cpuUtil())
        #expect(rate([.reading(.cpu, 1), .reading(.cpu, 1, of: "vm-2")]).isEmpty)
        #expect(rate.drops == [.noPredecessor: 2])
    }

    @Test func eachMeterOfEachResourceHasItsOwn() throws {
        var rate = try Transformation("name: rate_of_change")
        let memory = Meter("memory", .gauge, unit: "MiB")
        _ = rate([.reading(.cpu, 0), .reading(memory, 60), .reading(.cpu, 600, of: "vm-2")])
        let next = [
            Sample.reading(.cpu, 60, after: 60), .reading(memory, 0, after: 60),
            .reading(.cpu, 1200, after: 60, of: "vm-2"),
        ]
        #expect(rate(next).map(\.volume) == [1.0, -1.0, 10.0])
    }

    @Test func whatComesTooLateIsDroppedAndTheLaterOneStays() throws {
        var rate = try Transformation("name: rate_of_change")
        _ = rate([.reading(.cpu, 100, after: 60)])
        #expect(rate([.reading(.cpu, 50, after: 0)]).isEmpty)
        #expect(rate.drops == [.noPredecessor: 1, .outOfOrder: 1])
        #expect(rate([.reading(.cpu, 160, after: 120)]).map(\.volume) == [1.0])
    }

    @Test func theMonotonicClockWinsWhereBothHaveIt() throws {
        var rate = try Transformation("name: rate_of_change")
        _ = rate([.reading(.cpu, 0, after: 60, readAt: 1000.5)])
        // The wall clock went back an hour.
        #expect(rate([.reading(.cpu, 20, after: -3540, readAt: 1010.5)]).map(\.volume) == [2.0])
        #expect(rate([.reading(.cpu, 80, after: -3480)]).map(\.volume) == [1.0])
    }

    @Test func countersNear2To64Differ() throws {
        var rate = try Transformation("name: rate_of_change")
        _ = rate([.reading(.cpu, Volume(UInt64.max - 60))])
        #expect(rate([.reading(.cpu, Volume(UInt64.max), after: 60)]).map(\.volume) == [1.0])
    }

    @Test func theRestOfTheSampleStays() throws {
        var rate = try Transformation(Self.cpuUtil())
        _ = rate([.reading(.cpu, 0, metadata: four)])
        let sample = Sample.reading(.cpu, 1, after: 1, metadata: four)
        let result = try #require(rate([sample]).first)
        #expect(result.id != sample.id)
        var same = result
        (same.id, same.name, same.unit, same.kind, same.volume) = (
            sample.id, sample.name, sample.unit, sample.kind, sample.volume
        )
        #expect(same == sample)
    }

    @Test func namesAndUnitsAreMapped() throws {
        var rate = try Transformation(
            """
            name: rate_of_change
            parameters:
              source:
                map_from:
                  name: "disk\\\\.(read|write)\\\\.(bytes|requests)"
                  unit: "(B|request)"
              target:
                map_to:
                  name: "disk.\\\\1.\\\\2.rate"
                  unit: "\\\\1/s"
                type: gauge
            """)
        let bytes = Meter("disk.read.bytes", .cumulative, unit: "B")
        let requests = Meter("disk.write.requests", .cumulative, unit: "request")
        _ = rate([.reading(bytes, 0), .reading(requests, 0), .reading(.cpu, 0)])
        let next = [
            Sample.reading(bytes, 60, after: 60), .reading(requests, 120, after: 60), .reading(.cpu, 30, after: 60),
        ]
        #expect(
            rate(next).map(\.brief) == [
                "disk.read.bytes.rate 1.0 B/s gauge", "disk.write.requests.rate 2.0 request/s gauge",
                "cpu 0.5 ns gauge",
            ])
    }

    @Test func samplesOfOtherUnitsPassAsTheyAre() throws {
        var rate = try Transformation("name: rate_of_change\nparameters: {source: {unit: B}, target: {name: x}}")
        let sample = Sample.reading(.cpu, 1)
        #expect(rate([sample]) == [sample])
    }

    @Test func anExpressionWithoutAValueDropsItsSampleAlone() throws {
        var rate = try Transformation(
            "name: rate_of_change\nparameters: {target: {scale: 1 / resource_metadata.vcpus}}")
        func both(_ seconds: Double) -> [Sample] {
            [
                .reading(.cpu, Volume(seconds), after: seconds, metadata: ["vcpus": 0]),
                .reading(.cpu, Volume(seconds), after: seconds, of: "vm-2", metadata: ["vcpus": 2]),
                .reading(.cpu, Volume(seconds), after: seconds, of: "vm-3"),
            ]
        }
        _ = rate(both(0))
        #expect(rate(both(60)).map(\.resourceID) == ["vm-2"])
        #expect(rate.drops == [.noPredecessor: 3, .noValue: 2])
        #expect(rate.details[.noValue] == "column 3: division by zero")
    }

    @Test func whatWasNotSeenForAWeekIsForgotten() throws {
        var rate = try Transformation("name: rate_of_change")
        let day = 86_400
        _ = rate([.reading(.cpu, 0), .reading(.cpu, 0, of: "gone")], at: day)
        for number in 2...9 {
            #expect(rate([.reading(.cpu, 1, after: Double(number * day))], at: number * day).count == 1)
        }
        #expect(rate([.reading(.cpu, 1, after: Double(9 * day), of: "gone")], at: 9 * day).isEmpty)
        #expect(rate.drops == [.noPredecessor: 3])
    }

    @Test func memoryIsBounded() throws {
        var rate = try Transformation("name: rate_of_change")
        let samples = (0..<200_010).map { Sample.reading(.cpu, 1, of: "vm-\($0)") }
        _ = rate(samples)
        #expect(rate.drops == [.noPredecessor: 200_000, .noRoom: 10])
        #expect(rate([.reading(.cpu, 1, after: 1, of: "vm-0")]).count == 1)
    }
}
