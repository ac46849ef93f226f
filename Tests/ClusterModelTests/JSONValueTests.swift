// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        "null", "true", "[1, -2, 3.5, 1e+300]", "{\"b\": 1, \"a\": {\"c\": []}}", "\"é \\\"\\\\\\n\\t\\u0001\"", "{}",
        "0.1",
    ])
    func readsWhatItWrites(json: String) throws {
        #expect(try JSONValue(parsing: json).json == json)
    }

    @Test func escapesAreRead() throws {
        #expect(try JSONValue(parsing: #""\u00e9\ud83d\ude00\/\b\f""#) == .string("é😀/\u{8}\u{C}"))
    }

    @Test func theLastOfTwoEqualKeysCounts() throws {
        #expect(try JSONValue(parsing: "{\"a\": 1, \"b\": 2, \"a\": 3}").json == "{\"a\": 3, \"b\": 2}")
        let many = (0..<20).map { "\"k\($0 % 10)\": \($0)" }.joined(separator: ", ")
        #expect(try JSONValue(parsing: "{\(many)}")["k3"] == 13)
    }

    @Test(arguments: [
        ("{\"a\": 1,}", "line 1: an object's key is a text in quotation marks"),
        ("[1\n 2]", "line 2: an array without its end"), ("nul", "line 1: a word that is none of true, false, null"),
        ("1 2", "line 1: more after the end of the document"),
        ("", "line 1: the document ends where a value should stand"),
        ("\"\\ud800\"", "line 1: half a surrogate pair"),
        ("+1", "line 1: something that is no JSON value, or a number that does not fit"),
        ("{\"a\" 1}", "line 1: no colon after the key \"a\""), ("\"a", "line 1: a text without its end"),
    ])
    func aMistakeIsToldWithItsLine(json: String, message: String) {
        #expect {
            try JSONValue(parsing: json)
        } throws: { error in
            "\(error)" == message
        }
    }

    @Test func deepNestingIsRefused() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 100_000)) }
    }

    @Test func objectsAreEqualWhateverTheirOrder() {
        #expect(["a": 1, "b": 2] as JSONObject == ["b": 2, "a": 1])
        #expect(Set([["a": 1, "b": 2] as JSONObject, ["b": 2, "a": 1]]).count == 1)
        #expect(["a": 1] as JSONObject != ["a": 2])
    }
}
