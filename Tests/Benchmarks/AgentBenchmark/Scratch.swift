// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport

/// A directory for configurations and output, with a fresh one inside for each run.
final class Scratch: Sendable {
    private let path: String
    private let count = Atomic(0)

    init() throws {
        var template = Array("/tmp/agent-benchmark.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ShellError(command: "mkdtemp", reason: String(cString: strerror(errno)))
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func directory() throws -> String {
        let directory = "\(path)/\(count.add(1, ordering: .relaxed).newValue)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        return directory
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
