// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Wire

@Suite struct MessagePackTests {
    /// What Python has packed: a value as JSON, a tab, and its bytes. `Cases/pack-with-python` writes them.
    struct PythonCase: Sendable, CustomTestStringConvertible {
        var json: String
        var bytes: [UInt8]

        var testDescription: String { String(json.prefix(60)) }

        static func all() throws -> [PythonCase] {
            let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "Cases/packed-by-python.tsv")
            return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
                let columns = line.split(separator: "\t")
                return PythonCase(json: String(columns[0]), bytes: [UInt8](hex: columns[1]))
            }
        }
    }

    private let limits = WireLimits(bytes: 100_000)

    @Test(arguments: try PythonCase.all()) func isWhatPythonPacks(_ one: PythonCase) throws {
        let value = try WireValue(json: Array(one.json.utf8), within: limits)
        var packed: [UInt8] = []
        packed.appendMessagePack(value)
        #expect(packed == one.bytes)
        #expect(try WireValue(messagePack: one.bytes, within: limits) == value)
    }

    @Test func theMeteringMessageOfTheUDPPublisherHas224Bytes() throws {
        let bytes = try #require(try PythonCase.all().last).bytes
        #expect(bytes.count == 224)
        #expect(bytes.starts(with: [UInt8](hex: "8fa6736f75726365a96f70656e737461636bac636f756e7465725f6e616d65a161")))
        #expect(bytes.suffix(19) == ArraySlice([UInt8](hex: "b16d6573736167655f7369676e6174757265a0")))
    }

    private func packed(_ value: WireValue) -> String {
        var bytes: [UInt8] = []
        bytes.appendMessagePack(value)
        return bytes.hex
    }

    @Test func bytesAreBytes() throws {
        #expect(packed(.binary([1, 2])) == "c4020102")
        #expect(packed(.binary([UInt8](repeating: 0, count: 256))).hasPrefix("c50100"))
        #expect(try WireValue(messagePack: [0xC4, 2, 1, 2], within: limits) == .binary([1, 2]))
    }

    @Test func longListsAndMapsHaveLongHeads() throws {
        #expect(packed(.array([WireValue](repeating: .null, count: 65_535))).hasPrefix("dcffffc0"))
        let many = WireValue.array([WireValue](repeating: .null, count: 65_536))
        #expect(packed(many).hasPrefix("dd00010000c0"))
        #expect(try WireValue(messagePack: [UInt8](hex: packed(many)), within: limits) == many)
        #expect(packed(.string(String(repeating: "x", count: 65_536))).hasPrefix("db00010000"))
    }

    @Test func wholeNumbersPast64BitsBecomeReals() {
        #expect(packed(.integer(1 << 64)) == "cb43f0000000000000")
    }

    @Test(arguments: [
        ("ca3fc00000", WireValue.real(1.5)), ("d0ff", .integer(-1)), ("d1ff7f", .integer(-129)), ("cc01", .integer(1)),
        ("d30000000000000001", .integer(1)), ("d90161", .string("a")), ("da000161", .string("a")),
        ("db0000000161", .string("a")), ("dc000101", .array([.integer(1)])), ("dd0000000101", .array([.integer(1)])),
        ("de0001a16101", .object([.init("a", .integer(1))])), ("df00000001a16101", .object([.init("a", .integer(1))])),
        ("c600000001ff", .binary([255])),
    ])
    func longerFormsThanNeededAreRead(hex: String, value: WireValue) throws {
        #expect(try WireValue(messagePack: [UInt8](hex: hex), within: limits) == value)
    }

    private func error(_ bytes: [UInt8], _ limits: WireLimits? = nil) -> String {
        do throws(WireError) {
            return "no error but \(try WireValue(messagePack: bytes, within: limits ?? self.limits))"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ("", "byte 0: the end; allowed: 1 bytes more"), ("cc", "byte 1: the end; allowed: 1 bytes more"),
        ("a2c3", "byte 1: the end; allowed: 2 bytes more"), ("a1ff", "byte 1: a text that is no UTF-8; allowed: UTF-8"),
        ("c1", "byte 0: type 0xc1; allowed: null, booleans, numbers, texts, bytes, lists and maps"),
        ("d40102", "byte 0: type 0xd4; allowed:"), ("c70101ff", "byte 0: type 0xc7; allowed:"),
        ("0101", "byte 1: 1 bytes after the message; allowed: one message"),
        ("810101", "byte 1: a key that is no text; allowed: texts"),
        ("82a16101a16102", "byte 4: a key that stands twice; allowed: each key once"),
        ("cb7ff8000000000000", "byte 0: nan; allowed: a finite number"),
        ("cb7ff0000000000000", "byte 0: inf; allowed: a finite number"), ("caff800000", "byte 0: -inf; allowed:"),
        ("ddffffffff", "byte 5: a list of 4294967295 in fewer bytes; allowed: what is there"),
        ("dfffffffff", "byte 5: a map of 4294967295 in fewer bytes; allowed: what is there"),
        ("dbffffffff61", "byte 5: the end; allowed: 4294967295 bytes more"),
        ("c6ffffffff61", "byte 5: the end; allowed: 4294967295 bytes more"),
    ])
    func whatIsNoMessageIsRefusedWithItsPlace(hex: String, words: String) {
        #expect(error([UInt8](hex: hex)).hasPrefix(words), "\(error([UInt8](hex: hex)))")
    }

    @Test func depthEnds() throws {
        let deep = [UInt8](repeating: 0x91, count: 90_000) + [0xC0]
        #expect(error(deep).hasSuffix("more than 32 lists and maps inside each other; allowed: at most 32"))
        #expect(error([UInt8](repeating: 0x91, count: 32) + [0xC0]).hasPrefix("no error"))
    }

    @Test func sizeEnds() {
        #expect(error([0xC0, 0xC0], WireLimits(bytes: 1)) == "message: 2 bytes; allowed: at most 1")
    }

    @Test func everyCutOfAMessageIsRefused() throws {
        let bytes = try #require(try PythonCase.all().last).bytes
        for count in bytes.indices { #expect(error(Array(bytes[..<count])).hasPrefix("byte "), "\(count)") }
    }

    /// Each byte becomes the head of every kind of value, and loses or gets each of its bits.
    @Test func noChangedByteBringsTheReaderDown() throws {
        let bytes = try #require(try PythonCase.all().last).bytes
        let message = try WireValue(messagePack: bytes, within: limits)
        let heads: [UInt8] = [0x00, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xFF] + Array(0xC0...0xDF)
        for index in bytes.indices {
            for byte in heads + (0..<8).map({ bytes[index] ^ 1 << $0 }) where byte != bytes[index] {
                var changed = bytes
                changed[index] = byte
                #expect((try? WireValue(messagePack: changed, within: limits)) != message, "\(index): \(byte)")
            }
        }
    }
}

extension [UInt8] {
    init(hex: some StringProtocol) {
        let digits = hex.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue ?? 0 }
        self = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    var hex: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
