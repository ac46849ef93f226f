// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Pipelines
internal import Settings
internal import Telemetry
internal import Wire

/// `file:///path`: JSON lines appended to a file, opened anew for each batch so that whoever rotates it may move it.
/// With `max_bytes` and `backup_count` it rotates by itself: `path.1` is the newest of the old ones.
actor FilePublisher: Publisher {
    static let registration = PublisherRegistration(
        scheme: "file", options: ["max_bytes", "backup_count", "json"]
    ) { url throws(Mistake) in
        guard url.location.hasPrefix("/"), !url.location.hasSuffix("/") else {
            throw Mistake(
                url.place, "publisher \(url.shown)", found: "no absolute path of a file",
                allowed: "file:///path/to/file")
        }
        let maxBytes = try url.integer("max_bytes", 1...Int.max)
        let backups = try url.integer("backup_count", 1...10_000)
        guard (maxBytes == nil) == (backups == nil) else {
            throw Mistake(
                url.place, "publisher \(url.shown)", found: "one of max_bytes and backup_count without the other",
                allowed: "both, or neither")
        }
        let directory = String(url.location[..<(url.location.lastIndex(of: "/") ?? url.location.endIndex)])
        guard access(directory.isEmpty ? "/" : directory, W_OK | X_OK) == 0 else {
            throw Mistake(
                url.place, "publisher \(url.shown)",
                found: "a directory that can't be written to: \(String(cString: strerror(errno)))",
                allowed: "a path in a directory that is there and that this user may write to")
        }
        var status = stat()
        if stat(url.location, &status) == 0, status.st_mode & S_IFMT == S_IFDIR || access(url.location, W_OK) != 0 {
            throw Mistake(
                url.place, "publisher \(url.shown)",
                found: status.st_mode & S_IFMT == S_IFDIR ? "a directory" : "a file that can't be written to",
                allowed: "a file that this user may write to, or none yet")
        }
        return FilePublisher(
            path: url.location,
            rotation: maxBytes.flatMap { bytes in backups.map { Rotation(maxBytes: bytes, backups: $0) } })
    }

    struct Rotation: Sendable {
        /// The file is moved away before a batch that would make it larger.
        var maxBytes: Int
        var backups: Int
    }

    private let executor: QueueExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let path: String
    private let rotation: Rotation?
    private var lines = JSONLines()

    init(path: String, rotation: Rotation? = nil) {
        self.path = path
        self.rotation = rotation
        executor = QueueExecutor(label: "publisher.file")
    }

    func publish(_ samples: [Sample]) throws {
        let bytes = lines.text(samples)
        if let rotation { try rotate(rotation, before: bytes.count) }
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw WriteError.last("open \(path)") }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        guard writeAll(bytes, to: descriptor) == bytes.count else {
            let error = WriteError.last("write to \(path)")
            // A full disk takes half a batch: undone, since the whole of it comes again.
            _ = ftruncate(descriptor, size)
            throw error
        }
    }

    private func rotate(_ rotation: Rotation, before count: Int) throws {
        var status = stat()
        guard stat(path, &status) == 0, status.st_size > 0, Int(status.st_size) + count > rotation.maxBytes else {
            return
        }
        for number in stride(from: rotation.backups - 1, through: 1, by: -1)
        where access("\(path).\(number)", F_OK) == 0 {
            guard rename("\(path).\(number)", "\(path).\(number + 1)") == 0 else {
                throw WriteError.last("rotate \(path).\(number)")
            }
        }
        guard rename(path, "\(path).1") == 0 else { throw WriteError.last("rotate \(path)") }
    }
}
