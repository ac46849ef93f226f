// SPDX-License-Identifier: Apache-2.0
import Telemetry
import Testing

@Suite struct AccumulatorTests {
    private let samples = (1...5).map { Sample.reading(.cpu, Volume($0)) }

    @Test func holdsSamplesBackUntilThereAreSoMany() throws {
        var accumulator = try Transformation("name: accumulator\nparameters: {size: 3}")
        #expect(accumulator(Array(samples[..<2])).isEmpty)
        #expect(accumulator(Array(samples[2...])) == samples)
        #expect(accumulator(Array(samples[..<1])).isEmpty)
    }

    @Test(arguments: ["", "\nparameters: {size: 0}", "\nparameters: {size: 1}"])
    func withoutASizeNothingIsHeldBack(parameters: String) throws {
        var accumulator = try Transformation("name: accumulator" + parameters)
        #expect(accumulator(samples) == samples)
    }

    @Test func atTheEndAllGoesOut() throws {
        var accumulator = try Transformation("name: accumulator\nparameters: {size: 100}")
        _ = accumulator(samples)
        #expect(accumulator([], isLast: true) == samples)
        #expect(accumulator([], isLast: true).isEmpty)
    }
}
