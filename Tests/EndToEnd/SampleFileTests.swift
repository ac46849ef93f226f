// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What stands in `conf/` is what the program prints and takes.
@Suite struct SampleFileTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hypsometer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try "".write(to: folder.appending(path: "empty.conf"), atomically: true, encoding: .utf8)
        return folder
    }

    @Test func everySettingIsInTheSampleFile() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let outcome = try await Binary(
            arguments: ["--print-config", "--config-file", "empty.conf"], folder: folder
        ).run()
        let sample = Self.root.appending(path: "conf/hypsometer.conf")
        #expect(outcome.status == 0)
        #expect(outcome.stdout == (try String(contentsOf: sample, encoding: .utf8)))
    }

    @Test(arguments: ["conf", "packaging/try"]) func theSampleFilesAreTaken(name: String) async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for file in ["hypsometer.conf", "polling.yaml", "pipeline.yaml"] {
            let source = try String(contentsOf: Self.root.appending(path: "\(name)/\(file)"), encoding: .utf8)
            // The sample's directory is made by systemd; that of what is tried out comes from the environment.
            let text = source.replacing("/var/lib/hypsometer", with: folder.path)
            try text.write(to: folder.appending(path: file), atomically: true, encoding: .utf8)
        }
        let outcome = try await Binary(
            arguments: ["--validate", "--config-file", "hypsometer.conf"],
            environment: ["OS_PUBLISHER__SPOOL_DIRECTORY": folder.path], folder: folder
        ).run()
        #expect(outcome.stderr == "")
        #expect(outcome.status == 0)
    }
}
