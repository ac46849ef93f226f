// SPDX-License-Identifier: Apache-2.0
import Telemetry
import Testing

@Suite struct MetadataTests {
    private let flavor: Metadata = ["name": "m1.tiny", "vcpus": 1, "ram": 128]

    private func keys(_ metadata: Metadata) -> [String] { metadata.entries.map(\.key) }

    @Test func keepsTheOrderItWasWrittenIn() {
        #expect(keys(flavor) == ["name", "vcpus", "ram"])
    }

    @Test func anOrderApartMakesAnotherObject() {
        #expect(flavor != ["vcpus": 1, "name": "m1.tiny", "ram": 128])
    }

    @Test func aNewKeyGoesToTheEnd() {
        var metadata = flavor
        metadata["disk"] = 2
        #expect(keys(metadata) == ["name", "vcpus", "ram", "disk"])
    }

    @Test func aKeyThatIsThereKeepsItsPlace() {
        var metadata = flavor
        metadata["name"] = "m1.small"
        #expect(metadata == ["name": "m1.small", "vcpus": 1, "ram": 128])
    }

    @Test func nilRemovesAKey() {
        var metadata = flavor
        metadata["vcpus"] = nil
        metadata["nosuch"] = nil
        #expect(metadata == ["name": "m1.tiny", "ram": 128])
    }

    @Test func nullIsAValue() {
        let metadata: Metadata = ["image_ref_url": nil]
        #expect(metadata["image_ref_url"] == .null)
        #expect(metadata["image_ref"] == nil)
    }

    @Test func anAbsentTextOrNumberIsNull() {
        #expect(Metadata.Value(String?.none) == .null)
        #expect(Metadata.Value(String?("")) == .string(""))
        #expect(Metadata.Value(Int?.none) == .null)
        #expect(Metadata.Value(Int?(0)) == .integer(0))
    }

    @Test func theLastOfTwoEqualKeysInALiteralIsInForce() {
        #expect(["vcpus": 1, "vcpus": 2] as Metadata == ["vcpus": 2])
    }

    @Test func nothingIsEmpty() {
        #expect(Metadata().isEmpty && ([:] as Metadata).isEmpty && !flavor.isEmpty)
    }
}
