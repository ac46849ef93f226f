// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// `Meters/central.txt` has every meter of Ceilometer's central namespace (26.0, and the image of 6.0), with its type
/// and unit; what was removed before 26.0 isn't there.
struct CentralMeterTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    @Test(.timeLimit(.minutes(1))) func everyMeterOfTheCentralNamespaceIsOffered() async throws {
        let text = try String(contentsOf: Self.folder.appending(path: "Meters/central.txt"), encoding: .utf8)
        let wanted = Set(text.split(separator: "\n").map(String.init))
        #expect(wanted.count == 36)
        let directory = try TemporaryDirectory()
        try directory.write("", to: "hypsometer.conf")
        let definitions = Self.folder.appending(path: "../../conf/pollsters.d").standardized
        try FileManager.default.createSymbolicLink(
            atPath: directory("pollsters.d"), withDestinationPath: definitions.path)
        let outcome = try await Binary(
            arguments: ["--list-pollsters", "--config-file", "hypsometer.conf"],
            folder: URL(filePath: directory.path)
        ).run()
        let rows = outcome.stdout.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true)
        }
        let offered = rows.filter { $0.count == 5 && $0[0] == "central" }.map { $0[2...].joined(separator: " ") }
        #expect(wanted.subtracting(offered).isEmpty)
        #expect(Set(offered).count == offered.count, "none twice")
    }
}
