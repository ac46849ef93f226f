// SPDX-License-Identifier: Apache-2.0
import Expressions
import Testing

@Suite struct NearNamesTests {
    private let meters = [
        "cpu", "cpu_util", "disk.device.read.bytes", "disk.device.write.bytes", "memory.usage", "memory.resident",
        "vcpus", "network.incoming.bytes",
    ]

    @Test(arguments: [
        ("cpu_utl", "cpu_util"),  // a letter missing
        ("cpu_utill", "cpu_util"),  // one too many
        ("cpu-util", "cpu_util"),  // another
        ("cpu_uitl", "cpu_util"),  // two swapped
        ("CPU_UTIL", "cpu_util"),  // in capitals
        ("memory.usgae", "memory.usage"),
        ("disk.device.raed.bytes", "disk.device.read.bytes"),
    ])
    func findsWhatWasMeant(written: String, meant: String) {
        #expect(NearNames.of(written, among: meters).first == meant)
    }

    @Test func theNearestComesFirst() {
        #expect(NearNames.of("disk.device.rite.bytes", among: meters).first == "disk.device.write.bytes")
    }

    @Test func anOpeningStandsForTheWhole() {
        #expect(NearNames.of("memory", among: meters) == ["memory.resident", "memory.usage"])
    }

    @Test func offersThreeAtMost() {
        #expect(
            NearNames.of("meter", among: ["meter1", "meter2", "meter3", "meter4"]) == ["meter1", "meter2", "meter3"])
    }

    @Test(arguments: ["storage.objects", "x", "", "hardware.cpu.load.1min"])
    func offersNothingWhereNothingIsNear(written: String) {
        #expect(NearNames.of(written, among: meters) == [])
    }

    @Test func aNameGivenTwiceIsOfferedOnce() {
        #expect(NearNames.of("cpuu", among: ["cpu", "cpu"]) == ["cpu"])
    }

    @Test func thereIsNothingNearAmongNone() {
        #expect(NearNames.of("cpu", among: []) == [])
    }
}
