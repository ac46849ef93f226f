// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import Testing

@Suite struct SampleIDTests {
    private let ids = (0..<1000).map { _ in SampleID() }

    @Test func hasThePartsOfAUUID() {
        for id in ids {
            #expect(id.description.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
        }
    }

    @Test func isARandomOne() {
        for id in ids { #expect(Array(id.description)[14] == "4", "version of \(id)") }
    }

    @Test func bearsTheVariantOfRFC4122() {
        for id in ids { #expect("89ab".contains(Array(id.description)[19]), "variant of \(id)") }
    }

    @Test func foundationReadsTheSameBack() {
        for id in ids { #expect(UUID(uuidString: id.description)?.uuidString.lowercased() == id.description) }
    }

    @Test func noTwoAreEqual() {
        #expect(Set(ids).count == ids.count)
        #expect(Set(ids.map(\.description)).count == ids.count)
    }

    @Test func everyOtherBitIsRandom() {
        // 122 bits: in 1000 IDs each is a 1 at least once and a 0 at least once, but in one run of 10^300.
        let digits = ids.map { $0.description.filter { $0 != "-" }.compactMap(\.hexDigitValue) }
        for place in 0..<32 {
            let seen = digits.map { $0[place] }
            let free = place == 12 ? 0 : place == 16 ? 0b0011 : 0b1111
            #expect(seen.reduce(0, |) & free == free, "digit \(place)")
            #expect(seen.reduce(15, &) & free == 0, "digit \(place)")
        }
    }

    @Test(arguments: ["fdef70a6-e559-11f1-9325-02fc00000001", "00000000-0000-0000-0000-000000000000"])
    func isReadBack(text: String) {
        #expect(SampleID(text)?.description == text)
        #expect(SampleID(text.uppercased())?.description == text)
    }

    @Test(arguments: [
        "", "i", "fdef70a6e55911f1932502fc00000001", "fdef70a6-e559-11f1-9325-02fc0000000g",
        "fdef70a6-e559-11f1-9325-02fc000000011", "fdef70a6_e559-11f1-9325-02fc00000001",
        "{def70a6-e559-11f1-9325-02fc00000001}", "fdef70a6-e559-11f1-9325-02fc0000000é",
    ])
    func otherTextsAreNone(text: String) {
        #expect(SampleID(text) == nil)
    }
}
