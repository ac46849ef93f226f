// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What a real Ceilometer agent sent, recorded beside the project.
enum RecordedMessages {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/cases/ceilometer")

    static var areThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    /// The JSON texts of a file that has one on each line.
    static func lines(_ name: String) throws -> [[UInt8]] {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n").map {
            Array($0.utf8)
        }
    }
}
