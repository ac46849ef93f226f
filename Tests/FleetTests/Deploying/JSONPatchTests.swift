// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Testing

@testable import Fleet

@Suite struct JSONPatchTests {
    @Test func changesAreToldByTheirPlaces() {
        let before: JSONObject = ["a": ["b": 1, "c": [1, 2]], "gone": true, "x/y": "old"]
        let after: JSONObject = ["a": ["b": 2, "c": [1, 3], "d": ["e": 1]], "x/y": "new"]
        #expect(
            JSONPatch(from: before, to: after).operations == [
                .init(.remove, "/gone"), .init(.replace, "/a/b", 2), .init(.replace, "/a/c", [1, 3]),
                .init(.add, "/a/d", ["e": 1]), .init(.replace, "/x~1y", "new"),
            ])
        #expect(JSONPatch(from: before, to: before).operations.isEmpty)
    }

    @Test func aNodesOwnGoesOverWhatIsCommon() {
        let common: JSONObject = [
            "polling": ["sources": ["cpu": ["interval": 60], "disk": ["interval": 5]]], "l": [1, 2],
        ]
        let own: JSONObject = ["polling": ["sources": ["cpu": ["interval": 10], "disk": nil]], "l": [3]]
        #expect(common.merged(with: own) == ["polling": ["sources": ["cpu": ["interval": 10]]], "l": [3]])
    }

    @Test func aPointerFindsWhatStandsThere() {
        let json: JSONValue = ["a": ["x/y": [["b": 7]]]]
        #expect(JSONPointer("/a/x~1y/0/b").value(in: json) == 7)
        #expect(JSONPointer("a/x~1y").description == "/a/x~1y")
        #expect(JSONPointer("/a/z").value(in: json) == nil)
    }

    @Test func aLargeObjectIsAsASmallOne() {
        var object = JSONObject((0..<1000).map { ("k\($0)", .integer($0)) })
        object["k500"] = nil
        object["k999"] = "last"
        #expect(object.entries.count == 999 && object["k500"] == nil && object["k501"] == 501)
        #expect(object["k999"] == "last" && object.keys.first == "k0")
        #expect(object.filter { key, _ in key == "k1" || key == "k2" }.mapValues { _, _ in 7 } == ["k1": 7, "k2": 7])
    }
}
