// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import Testing
import Wire

/// How texts and nested values are written, seen in a sample's metadata.
@Suite struct JSONTextTests {
    private func sample(_ metadata: Metadata) -> Sample {
        let cycle = PollingCycle(number: 1, deadline: .now, meters: [])
        return Sample(Meter("m", .gauge, unit: "B"), 0, of: Resource(id: "r", metadata: metadata), in: cycle)
    }

    private func text(_ metadata: Metadata) throws -> Substring {
        let text = String(decoding: sample(metadata).json, as: UTF8.self)
        let start = try #require(text.firstRange(of: "\"resource_metadata\":"))
        let end = try #require(text.firstRange(of: ",\"source\":"))
        return text[start.upperBound..<end.lowerBound]
    }

    private func read(_ metadata: Metadata) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(sample(metadata).json)) as? [String: Any]
        return try #require(object?["resource_metadata"] as? [String: Any])
    }

    @Test(arguments: [
        ("a \"b\"", #"a \"b\""#), ("a\\b", #"a\\b"#), ("a\nb", #"a\nb"#), ("a\r\nb", #"a\r\nb"#), ("\t", #"\t"#),
        ("\u{0}", #"\u0000"#), ("\u{1F}", #"\u001f"#), ("\u{8}", #"\u0008"#), ("a/b", "a/b"), ("\u{7F}", "\u{7F}"),
    ])
    func controlCharactersAreEscapedAndNothingElse(written: String, escaped: String) throws {
        #expect(try text(["k": .string(written)]) == "{\"k\":\"\(escaped)\"}")
    }

    @Test(arguments: [
        "größer", "日本語", "👩🏽‍🚀", "e\u{301}", "\u{2028}", "a\u{FEFF}", "\u{10FFFF}", "",
        "\u{0}\u{1}\u{2}\"\\/\u{1F}\u{7F}",
    ])
    func foundationReadsTheSameTextBack(written: String) throws {
        let back = try #require(try read(["k": .string(written)])["k"] as? String)
        #expect(Array(back.unicodeScalars) == Array(written.unicodeScalars))
    }

    @Test func textIsUTF8AsItIs() throws {
        #expect(try text(["k": "日本"]) == "{\"k\":\"日本\"}")
    }

    @Test func keysAreEscapedToo() throws {
        #expect(try read(["a\"b\n": 1])["a\"b\n"] as? Int == 1)
    }

    @Test func valuesOfEveryKindAreWritten() throws {
        let metadata: Metadata = ["null": nil, "yes": true, "no": false, "int": -7, "real": 1.5, "text": "x"]
        #expect(try text(metadata) == #"{"null":null,"yes":true,"no":false,"int":-7,"real":1.5,"text":"x"}"#)
    }

    @Test func objectsAndListsNest() throws {
        let metadata: Metadata = [
            "flavor": .object(["id": "1", "extra_specs": .object([:])]),
            "list": .array([1, .array([]), .object(["a": nil]), "b"]),
        ]
        #expect(try text(metadata) == #"{"flavor":{"id":"1","extra_specs":{}},"list":[1,[],{"a":null},"b"]}"#)
    }

    @Test func keysKeepTheirOrder() throws {
        #expect(try text(["z": 1, "a": 2, "m": 3]) == #"{"z":1,"a":2,"m":3}"#)
    }

    @Test func integersKeepEveryDigit() throws {
        #expect(
            try text(["a": .integer(.max), "b": .integer(.min)])
                == #"{"a":9223372036854775807,"b":-9223372036854775808}"#)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func realsThatAreNoNumbersAreNull(real: Double) throws {
        #expect(try text(["a": .real(real)]) == #"{"a":null}"#)
    }
}
