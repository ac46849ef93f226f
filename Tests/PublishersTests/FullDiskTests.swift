// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import TestSupport
import Testing

/// What is left of a batch that could not be written.
@Suite struct FullDiskTests {
    @Test func aFullDeviceIsToldInTheSystemsWords() async throws {
        let directory = try TemporaryDirectory()
        try FileManager.default.createSymbolicLink(atPath: directory("full"), withDestinationPath: "/dev/full")
        let publisher = try publisher("file://\(directory("full"))")
        let error = await #expect(throws: (any Error).self) { try await publisher.publish([.of("a")]) }
        #expect(
            error.map { "\($0)" } == "could not write to \(directory("full")): No space left on device (errno 28)")
    }

    /// So large that nobody else writes such a file; it takes no room, since it is all hole.
    private let large = 64 << 30

    @Test func aHalfWrittenBatchIsUndone() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("", to: "samples")
        try #require(truncate(path, large) == 0)
        let publisher = try publisher("file://\(path)")
        let batch = [Sample.of("a"), .of("b")]

        try await withFilesOfAtMost(large + 400) {
            let error = await #expect(throws: (any Error).self) { try await publisher.publish(batch) }
            #expect(error.map { "\($0)" } == "could not write to \(path): File too large (errno 27)")
        }
        #expect(try size(path) == large)

        try await publisher.publish(batch)
        try await PublishersTests.publisher("file://\(directory("same"))").publish(batch)
        #expect(try size(path) == large + size(directory("same")))
    }

    private func size(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }

    /// Lets a write past a size take what fits and then fail, as a full disk does. The limit is the whole process's.
    private func withFilesOfAtMost(_ bytes: Int, _ body: () async throws -> Void) async throws {
        signal(SIGXFSZ, SIG_IGN)
        var before = rlimit()
        try #require(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) == 0)
        var limit = before
        limit.rlim_cur = min(rlim_t(bytes), before.rlim_max)
        try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
        defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) }
        try await body()
    }
}
