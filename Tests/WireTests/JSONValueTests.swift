// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Wire

@Suite struct JSONValueTests {
    private let limits = WireLimits(bytes: 100_000)

    private func value(_ text: String) throws -> WireValue {
        try WireValue(json: Array(text.utf8), within: limits)
    }

    private func error(_ bytes: some Sequence<UInt8>, _ limits: WireLimits? = nil) -> String {
        do throws(WireError) {
            return "no error but \(try WireValue(json: Array(bytes), within: limits ?? self.limits))"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ("null", WireValue.null), (" true\n", .bool(true)), ("false", .bool(false)), ("0", .integer(0)),
        ("-0", .integer(0)), ("-12", .integer(-12)), ("100000000000000000000", .integer(100_000_000_000_000_000_000)),
        ("1.0", .real(1)), ("-0.0", .real(-0.0)), ("1e22", .real(1e22)), ("2E-3", .real(0.002)), ("0e1", .real(0)),
        ("5e-324", .real(.leastNonzeroMagnitude)), ("1e-999", .real(0)), ("\"\"", .string("")), ("\"a\"", .string("a")),
        ("[]", .array([])), ("[ ]", .array([])), ("{}", .object([])), ("{ }", .object([])),
        ("[1, \"x\" ,[null]]", .array([.integer(1), .string("x"), .array([.null])])),
        (
            "{\"b\":1,\"a\":{\"c\":2.5}}",
            .object([.init("b", .integer(1)), .init("a", .object([.init("c", .real(2.5))]))])
        ),
    ])
    func readsValues(text: String, value: WireValue) throws {
        #expect(try self.value(text) == value)
    }

    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u00E9""#, "éé"), (#""a\u0000b""#, "a\u{0}b"),
        (#""\ud83d\udc4d!""#, "👍!"), ("\"größer 日本\"", "größer 日本"), (#""é\n日""#, "é\n日"),
    ])
    func readsTexts(text: String, string: String) throws {
        #expect(try value(text) == .string(string))
        let theirs = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        #expect(theirs as? String == string)
    }

    @Test(arguments: [
        ("", "byte 0: the end; allowed: a JSON value"), ("nul", "byte 0: n; allowed: a JSON value"),
        ("NaN", "byte 0: NaN; allowed: a finite number"), ("[Infinity]", "byte 1: Infinity; allowed: a finite number"),
        ("-Infinity", "byte 0: -Infinity; allowed: a finite number"),
        ("1e999", "byte 0: a number past all that are carried; allowed: at most 38 digits, or a real up to 1.8e308"),
        ("1000000000000000000000000000000000000000", "byte 0: a number past all that are carried"),
        ("01", "byte 2: the end; allowed: digits, 0 first only alone"), ("-", "byte 1: the end; allowed: digits"),
        ("+1", "byte 0: +; allowed: a JSON value"), (".5", "byte 0: .; allowed: a JSON value"),
        ("1.", "byte 2: the end; allowed: digits"), ("1e", "byte 2: the end; allowed: digits"),
        ("0x1", "byte 1: x; allowed: the end"), ("1 2", "byte 2: 2; allowed: the end"),
        ("[1", "byte 2: the end; allowed: , or ]"), ("[1,]", "byte 3: ]; allowed: a JSON value"),
        ("[1 2]", "byte 3: 2; allowed: , or ]"), ("[", "byte 1: the end; allowed: a JSON value"),
        ("{", "byte 1: the end; allowed: a key in quotation marks"),
        ("{1:2}", "byte 1: 1; allowed: a key in quotation"),
        ("{\"a\" 1}", "byte 5: 1; allowed: :"), ("{\"a\":1,}", "byte 7: }; allowed: a key in quotation marks"),
        ("{\"a\":1 \"b\"}", "byte 7: \"; allowed: , or }"),
        ("{\"a\":1,\"a\":2}", "byte 7: a key that stands twice; allowed: each key once"),
        ("\"a", "byte 2: the end; allowed: a closing \", and control characters escaped"),
        ("\"a\nb\"", "byte 2: byte 10; allowed: a closing \""), (#""\x""#, "byte 2: x; allowed: an escape such as"),
        (#""\u12g4""#, "byte 5: g; allowed: four hexadecimal digits"), (#""\u1"#, "byte 4: the end; allowed: four"),
        (#""\ud83d""#, "byte 7: half of a character; allowed: both halves"),
        (#""\udc4d""#, "byte 7: half of a character; allowed: both halves"),
        (#""\ud83d\n""#, "byte 8: half of a character; allowed: both halves"),
        ("'a'", "byte 0: '; allowed: a JSON value"),
    ])
    func whatIsNoJSONIsRefusedWithItsPlace(text: String, words: String) {
        #expect(error(text.utf8).hasPrefix(words), "\(error(text.utf8))")
    }

    @Test func aManyKeyedObjectHasEachKeyOnce() throws {
        let entries = (0..<100).map { "\"k\($0)\":\($0)" }
        #expect(try value("{\(entries.joined(separator: ","))}")["k99"] == .integer(99))
        #expect(error("{\((entries + entries.suffix(1)).joined(separator: ","))}".utf8).contains("stands twice"))
    }

    @Test func whatIsNoUTF8IsRefused() {
        #expect(error([0x22, 0xFF, 0x22]) == "byte 1: a text that is no UTF-8; allowed: UTF-8")
    }

    @Test func depthEnds() {
        let deep = String(repeating: "[", count: 90_000)
        #expect(error(deep.utf8) == "byte 32: more than 32 lists and objects inside each other; allowed: at most 32")
        let most = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        #expect(error(most.utf8).hasPrefix("no error"))
        #expect(error(String(repeating: "{\"a\":", count: 90_00).utf8).hasSuffix("allowed: at most 32"))
    }

    @Test func sizeEnds() {
        let large = [UInt8](repeating: 0x20, count: 1001)
        #expect(error(large, WireLimits(bytes: 1000)) == "message: 1001 bytes; allowed: at most 1000")
    }
}
