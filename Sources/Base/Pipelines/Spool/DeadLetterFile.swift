// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Logging
internal import Telemetry
internal import Wire

/// Where samples go that the other side refused for good: JSON lines with the sample, the reason, when and who. Two
/// files of a bounded size, the older one with `.1` after its name.
actor DeadLetterFile {
    private let executor = QueueExecutor(label: "dead-letters")
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
    func append(_ letters: [DeadLetter], of publisher: String) {
        var bytes: [UInt8] = []
        for letter in letters {
            bytes += Array("{\"refused_at\":\"\(Timestamp.now)\",\"publisher\":".utf8)
            bytes.appendJSON(publisher)
            bytes += Array(",\"reason\":".utf8)
            bytes.appendJSON(letter.reason)
            bytes += Array(",\"sample\":".utf8) + letter.sample + Array("}\n".utf8)
        }
        do throws(WriteError) {
            try write(bytes)
            isFailing = false
        } catch {
            log.log(
                level: isFailing ? .debug : .error, "refused samples could not be kept",
                metadata: ["error": "\(error)", "samples": "\(letters.count)", "publisher": "\(publisher)"])
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
