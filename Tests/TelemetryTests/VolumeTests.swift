// SPDX-License-Identifier: Apache-2.0
import Telemetry
import Testing

@Suite struct VolumeTests {
    @Test(arguments: [
        (Volume(UInt64.max), "18446744073709551615"),
        (Volume(UInt64(1) << 63), "9223372036854775808"),
        (Volume(Int64.max), "9223372036854775807"),
        (Volume(Int64.min), "-9223372036854775808"),
        (Volume(UInt64(9_007_199_254_740_993)), "9007199254740993"),  // 2^53 + 1, which no Double holds
        (Volume(0.1), "0.1"),
        (Volume(12.5), "12.5"),
        (Volume(100.0), "100.0"),
    ])
    func keepsEveryDigit(volume: Volume, text: String) {
        #expect(volume.description == text)
    }

    @Test func equalNumbersAreEqualWhateverTheyWereMadeOf() {
        #expect(Volume(UInt64(7)) == Volume(Int8(7)))
        #expect(Volume(UInt64(7)) == 7)
        #expect(Volume(UInt64(Int64.max)) == Volume(Int64.max))
    }

    @Test func anIntegerIsNoReal() {
        #expect(Volume(7) != Volume(7.0))
    }

    @Test func isADoubleToTheNearest() {
        #expect(Volume(UInt64(1) << 52).doubleValue == 4_503_599_627_370_496)
        #expect(Volume(UInt64.max).doubleValue == 18_446_744_073_709_551_616)
        #expect(Volume(-3).doubleValue == -3)
        #expect(Volume(0.25).doubleValue == 0.25)
    }

    @Test(arguments: [Volume(Double.nan), Volume(Double.infinity), Volume(-Double.infinity)])
    func notANumberIsNotFinite(volume: Volume) {
        #expect(!volume.isFinite)
    }

    @Test(arguments: [Volume(UInt64.max), Volume(Double.greatestFiniteMagnitude), 0, -0.0])
    func everythingElseIsFinite(volume: Volume) {
        #expect(volume.isFinite)
    }

    @Test func numbersPast64BitsStopAtTheirEnds() {
        #expect(Volume(Int128.max) == Volume(UInt64.max))
        #expect(Volume(Int128.min) == Volume(Int64.min))
    }
}
