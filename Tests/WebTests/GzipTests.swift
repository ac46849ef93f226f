// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOCore
import TestSupport
import Testing
import Web

/// What the gzip program packs.
@Suite struct GzipTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func packed(_ text: String) throws -> ByteBuffer {
        let path = try directory.write(text, to: "body")
        let result = try Shell.run("gzip", [path], timeout: .seconds(60))
        #expect(result.status == 0, "\(result.error)")
        return ByteBuffer(bytes: try Data(contentsOf: URL(filePath: path + ".gz")))
    }

    @Test(arguments: [0, 1, 1000, 1_000_000]) func isUnpacked(length: Int) throws {
        let text = String((0..<length).map { Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8($0 * $0 % 26))) })
        #expect(String(buffer: try Gzip.unpacked(packed(text), limit: length + 1)) == text)
    }

    @Test func moreThanTheLimitIsRefusedBeforeItIsAllUnpacked() throws {
        let packed = try packed(String(repeating: "0", count: 100_000_000))
        #expect(packed.readableBytes < 200_000)
        let begin = ContinuousClock.now
        let error = #expect(throws: Gzip.Failure.self) { try Gzip.unpacked(packed, limit: 1_000_000) }
        #expect(error?.description == "it is too large")
        #expect(ContinuousClock.now - begin < .seconds(10))
    }

    @Test func whatEndsTooEarlyIsDamaged() throws {
        var packed = try packed("some text that is long enough to be cut")
        let cut = packed.readSlice(length: packed.readableBytes - 10) ?? ByteBuffer()
        let error = #expect(throws: Gzip.Failure.self) { try Gzip.unpacked(cut, limit: 1000) }
        #expect(error?.description != "it is too large")
    }

    @Test func whatIsNoGzipIsDamaged() {
        #expect(throws: Gzip.Failure.self) { try Gzip.unpacked(ByteBuffer(string: "[{}]"), limit: 1000) }
    }
}
