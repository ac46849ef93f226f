// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A directory of a test's own; it goes, with all that is in it, when nobody holds it any more.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "hypsometer-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a name in it.
    package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    /// - Returns: the path of the file written, whose directory is made where it isn't there.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        let url = URL(filePath: self(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// The text of a file in it.
    package func text(_ name: String) throws -> String { try String(contentsOfFile: self(name), encoding: .utf8) }

    /// The names in it, sorted.
    package var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}
