// SPDX-License-Identifier: Apache-2.0
internal import Glibc
package import Logging
internal import Telemetry

/// Where goes what nothing can be done with, for people: JSON lines with it, the reason, when and who. Two files of a
/// bounded size, the older one with `.1` after its name.
package actor DeadLetterFile {
    private let executor = QueueExecutor(label: "dead-letters")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    package nonisolated let path: String
    private let mostBytes: Int
    private let log: Logger
    private var isFailing = false

    package init(path: String, mostBytes: Int = 16 << 20, log: Logger) {
        self.path = path
        self.mostBytes = mostBytes
        self.log = log
    }

    /// - Parameters:
    ///   - lines: each with its end; what can't be written is lost, and said.
    ///   - loss: what is said then.
    package func append(_ lines: [UInt8], orSay loss: String, _ metadata: Logger.Metadata) {
        do throws(WriteError) {
            try write(lines)
            isFailing = false
        } catch {
            log.log(
                level: isFailing ? .debug : .error, "\(loss)",
                metadata: metadata.merging(["error": "\(error)"]) { $1 })
            isFailing = true
        }
    }

    private func write(_ bytes: [UInt8]) throws(WriteError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_size > 0, Int(status.st_size) + bytes.count > mostBytes {
            guard rename(path, "\(path).1") == 0 else { throw .last("rotate \(path)") }
        }
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .last("open \(path)") }
        defer { close(descriptor) }
        guard writeAll(bytes, to: descriptor) == bytes.count else { throw .last("write to \(path)") }
    }
}
