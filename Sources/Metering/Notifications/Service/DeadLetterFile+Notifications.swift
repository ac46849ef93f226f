// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import JSONText
internal import Logging
internal import Pipelines
internal import Telemetry

/// Where notifications go that nothing can be made of: JSON lines with the body, the reason, when, and the queue. Two
/// files of a bounded size, the older one with `.1` after its name.
actor DeadNotifications {
    /// Of a body, in bytes; the rest is cut off.
    private static let mostOfBody = 64 << 10

    private let executor = QueueExecutor(label: "dead-notifications")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    nonisolated let path: String
    private let mostBytes: Int
    private let log: Logger
    private var isFailing = false

    init(path: String, mostBytes: Int = 16 << 20, log: Logger) {
        self.path = path
        self.mostBytes = mostBytes
        self.log = log
    }

    /// What can't be written is lost, and said.
    func append(_ body: [UInt8], reason: String, queue: String) {
        var bytes: [UInt8] = Array("{\"refused_at\":\"\(Timestamp.now)\",\"queue\":".utf8)
        bytes.appendJSON(queue)
        bytes += Array(",\"reason\":".utf8)
        bytes.appendJSON(reason)
        bytes += Array(",\"bytes\":\(body.count),\"body\":".utf8)
        // What is no UTF-8 is replaced: the file is one of texts.
        bytes.appendJSON(String(decoding: body.prefix(Self.mostOfBody), as: UTF8.self))
        bytes += Array("}\n".utf8)
        do throws(WriteError) {
            try write(bytes)
            isFailing = false
        } catch {
            log.log(
                level: isFailing ? .debug : .error, "a refused notification could not be kept",
                metadata: ["error": "\(error)", "queue": "\(queue)"])
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
