// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import TestSupport
import Testing

@Suite struct FileRotationTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// The names of the meters in each file, by file.
    private var meters: [String: [String]] {
        get throws {
            try Dictionary(
                uniqueKeysWithValues: directory.names.map { name in
                    let lines = try directory.text(name).split(separator: "\n")
                    return (name, try lines.map { try meter($0) })
                })
        }
    }

    private func meter(_ line: Substring) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return try #require(object?["name"] as? String)
    }

    private func publish(_ names: [String], maxBytes: Int, backups: Int) async throws {
        let publisher = try publisher("file://\(directory("s"))?max_bytes=\(maxBytes)&backup_count=\(backups)")
        // A line has some 300 bytes.
        for name in names { try await publisher.publish([.of(name)]) }
    }

    @Test func aBatchThatFitsRotatesNothing() async throws {
        try await publish(["a", "b"], maxBytes: 10_000, backups: 2)
        #expect(try meters == ["s": ["a", "b"]])
    }

    @Test func aBatchThatDoesNotFitBeginsAFile() async throws {
        try await publish(["a", "b", "c"], maxBytes: 800, backups: 5)
        #expect(try meters == ["s.1": ["a", "b"], "s": ["c"]])
    }

    @Test func theNewestOfTheOldIsNumberOne() async throws {
        try await publish(["a", "b", "c"], maxBytes: 400, backups: 5)
        #expect(try meters == ["s.2": ["a"], "s.1": ["b"], "s": ["c"]])
    }

    @Test func asManyOldFilesAreKeptAsWasSaid() async throws {
        try await publish(["a", "b", "c", "d", "e"], maxBytes: 400, backups: 2)
        #expect(try meters == ["s.2": ["c"], "s.1": ["d"], "s": ["e"]])
    }

    @Test func oneBackupIsReplaced() async throws {
        try await publish(["a", "b", "c"], maxBytes: 400, backups: 1)
        #expect(try meters == ["s.1": ["b"], "s": ["c"]])
    }

    @Test func aBatchLargerThanTheBoundGoesOutWhole() async throws {
        let publisher = try publisher("file://\(directory("s"))?max_bytes=400&backup_count=2")
        try await publisher.publish([.of("a"), .of("b"), .of("c")])
        try await publisher.publish([.of("d")])
        #expect(try meters == ["s.1": ["a", "b", "c"], "s": ["d"]])
    }

    @Test func aGapAmongTheOldFilesIsFilled() async throws {
        try await publish(["a", "b", "c"], maxBytes: 400, backups: 3)
        try FileManager.default.removeItem(atPath: directory("s.1"))
        try await publish(["d"], maxBytes: 400, backups: 3)
        #expect(try meters == ["s.3": ["a"], "s.1": ["c"], "s": ["d"]])
    }

    @Test func aFileOfAnEarlierRunIsRotatedToo() async throws {
        try await publish(["a"], maxBytes: 400, backups: 2)
        try await publish(["b"], maxBytes: 400, backups: 2)
        #expect(try meters == ["s.1": ["a"], "s": ["b"]])
    }
}
