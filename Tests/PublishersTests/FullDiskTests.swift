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

    /// In a process of its own: the limit is the whole process's and its children's, where other tests write too.
    @Test func aHalfWrittenBatchIsUndone() async {
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory()
            let publisher = try publisher("file://\(directory("samples"))")
            try await publisher.publish([.of("a")])
            let before = try directory.text("samples")

            let batch = [Sample.of("b"), .of("c", padding: 3 << 20)]
            try await Self.withFilesOfAtMost(2 << 20) {
                let error = await #expect(throws: (any Error).self) { try await publisher.publish(batch) }
                #expect(
                    error.map { "\($0)" } == "could not write to \(directory("samples")): File too large (errno 27)")
                let after = try directory.text("samples")
                #expect(after == before)
            }

            try await publisher.publish(batch)
            #expect(try directory.text("samples").split(separator: "\n").count == 3)
        }
    }

    /// Lets a write past a size take what fits and then fail, as a full disk does.
    private static func withFilesOfAtMost(_ bytes: UInt, _ body: () async throws -> Void) async throws {
        signal(SIGXFSZ, SIG_IGN)
        var before = rlimit()
        try #require(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) == 0)
        var limit = before
        limit.rlim_cur = min(bytes, before.rlim_max)
        try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
        defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) }
        try await body()
    }
}
