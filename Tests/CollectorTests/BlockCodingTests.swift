// SPDX-License-Identifier: Apache-2.0
import Telemetry
import Testing

@testable import Collector

@Suite struct BlockCodingTests {
    private func roundTrip(_ points: [Point]) throws -> [Point] {
        try BlockCoding.encode(points).withUnsafeBytes { try BlockCoding.decode($0) }
    }

    @Test(arguments: [
        [Volume](arrayLiteral: 0),
        [1, 2, 4, 8, 7, -3],
        [.integer(.max), .integer(.min), .integer(-1)],
        [Volume(UInt64.max), Volume(UInt64(Int64.max) + 1), 3],
        [0.5, 0.25, -0.0, .real(.leastNonzeroMagnitude), 1e308],
        [0, 0.5, 0, Volume(UInt64.max), 12.75, 12.75],
    ])
    func everyKindOfNumberComesBackAsItWas(volumes: [Volume]) throws {
        let points = volumes.enumerated().map { Point(time: Int64($0) * 10_000_000, volume: $1) }
        #expect(try roundTrip(points) == points)
    }

    @Test func timesOfAnyDistanceComeBack() throws {
        let times: [Int64] = [-62_135_596_800_000_000, -1, 0, 0, 1, 1_795_000_000_000_000, 253_402_300_799_999_999]
        let points = times.map { Point(time: $0, volume: 1) }
        #expect(try roundTrip(points) == points)
    }

    @Test func metadataAndMonotonicTimesComeBackWhereTheyAreKnown() throws {
        let points = [
            Point(time: 1, volume: 1, metadata: 7, monotonic: 55),
            Point(time: 2, volume: 1, metadata: 7),
            Point(time: 3, volume: 1, metadata: 9, monotonic: 0),
            Point(time: 4, volume: 1, metadata: 7, monotonic: 9_000_000_000),
        ]
        #expect(try roundTrip(points) == points)
    }

    @Test func anHourOfACounterTakesFewBytesAPoint() throws {
        var total: Int64 = 8_000_000_000_000
        let points = (0..<360).map { index in
            total += 55_000_000 + Int64(index * 7919 % 1_000_000)
            let jitter = Int64(index * 104_729 % 2000)
            return Point(
                time: 1_795_000_000_000_000 + Int64(index) * 10_000_000 + jitter, volume: .integer(total), metadata: 3,
                monotonic: Int64(index) * 10_000_000 + jitter * 2)
        }
        #expect(BlockCoding.encode(points).count < 12 * points.count)
        #expect(try roundTrip(points) == points)
    }

    @Test func bytesThatEndAnywhereAreDamageAndNoTrap() throws {
        let points = (0..<20).map { Point(time: Int64($0), volume: .real(Double($0) / 3), metadata: 1, monotonic: 5) }
        let bytes = BlockCoding.encode(points)
        for length in 0..<bytes.count {
            #expect(throws: CompactReader.Damage.self) {
                try Array(bytes[..<length]).withUnsafeBytes { try BlockCoding.decode($0) }
            }
        }
    }

    @Test func bytesThatWereChangedAreReadOrDamageAndNoTrap() throws {
        let points = (0..<20).map { Point(time: Int64($0), volume: .real(Double($0) / 3), metadata: 1, monotonic: 5) }
        let arrivals = points.map { Arrival(series: 4, point: $0) }
        for index in 0..<BlockCoding.encode(points).count {
            var bytes = BlockCoding.encode(points)
            bytes[index] = 0xFF
            _ = try? bytes.withUnsafeBytes { try BlockCoding.decode($0) }
        }
        for index in 0..<JournalCoding.encode(arrivals).count {
            var bytes = JournalCoding.encode(arrivals)
            bytes[index] = 0xFF
            _ = try? bytes.withUnsafeBytes { try JournalCoding.decode($0) }
        }
    }

    @Test func theJournalKeepsMessageIDsToo() throws {
        let arrivals = [
            Arrival(series: 1, point: Point(time: 5, volume: 1, metadata: 2, monotonic: 3, id: .max)),
            Arrival(series: 900, point: Point(time: 4, volume: 0.5, metadata: 1, id: 77)),
            Arrival(series: 2, point: Point(time: 4, volume: Volume(UInt64.max), metadata: 1, id: 1)),
        ]
        #expect(try JournalCoding.encode(arrivals).withUnsafeBytes { try JournalCoding.decode($0) } == arrivals)
    }
}
