// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import TestSupport
import Testing
import Wire

@Suite struct FilePublisherTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func line(_ sample: Sample) -> String {
        String(decoding: JSONLines.of([sample]).dropLast(), as: UTF8.self) + "\n"
    }

    @Test func eachSampleIsALineOfJSON() async throws {
        let samples = [Sample.of("a"), .of("b")]
        try await publisher("file://\(directory("samples"))").publish(samples)
        #expect(try directory.text("samples") == line(samples[0]) + line(samples[1]))
    }

    @Test func batchesAreAppended() async throws {
        let samples = [Sample.of("a"), .of("b"), .of("c")]
        let publisher = try publisher("file://\(directory("samples"))")
        try await publisher.publish([samples[0], samples[1]])
        try await publisher.publish([samples[2]])
        #expect(try directory.text("samples") == samples.map(line).joined())
    }

    @Test func whatWasThereStays() async throws {
        try directory.write("before\n", to: "samples")
        let sample = Sample.of("a")
        try await publisher("file://\(directory("samples"))").publish([sample])
        #expect(try directory.text("samples") == "before\n" + line(sample))
    }

    @Test func aFileThatWasMovedAwayIsBegunAnew() async throws {
        let publisher = try publisher("file://\(directory("samples"))")
        let samples = [Sample.of("a"), .of("b")]
        try await publisher.publish([samples[0]])
        try FileManager.default.moveItem(atPath: directory("samples"), toPath: directory("moved"))
        try await publisher.publish([samples[1]])
        #expect(try directory.text("moved") == line(samples[0]))
        #expect(try directory.text("samples") == line(samples[1]))
    }

    @Test func ceilometersJSONOptionChangesNothing() async throws {
        let sample = Sample.of("a")
        try await publisher("file://\(directory("samples"))?json=True").publish([sample])
        #expect(try directory.text("samples") == line(sample))
    }

    @Test func othersMayNotReadTheFile() async throws {
        try await publisher("file://\(directory("samples"))").publish([.of("a")])
        let mode = try FileManager.default.attributesOfItem(atPath: directory("samples"))[.posixPermissions] as? Int
        #expect(try #require(mode) & 0o007 == 0)
    }

    @Test func aDirectoryThatWentAwayIsAnErrorAndNoLoss() async throws {
        try directory.write("", to: "logs/other")
        let publisher = try publisher("file://\(directory("logs/samples"))")
        try FileManager.default.removeItem(atPath: directory("logs"))
        let sample = Sample.of("a")
        let error = await #expect(throws: (any Error).self) { try await publisher.publish([sample]) }
        #expect(
            error.map { "\($0)" } == "could not open \(directory("logs/samples")): No such file or directory (errno 2)")
        try directory.write("", to: "logs/other")
        try await publisher.publish([sample])
        #expect(try directory.text("logs/samples") == line(sample))
    }
}
