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
        FilePublisher(file: try target(url))
    }

    /// The file that a URL names, checked.
    static func target(_ url: PublisherURL) throws(Mistake) -> AppendedFile {
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
        return AppendedFile(
            path: url.location,
            rotation: maxBytes.flatMap { bytes in backups.map { .init(maxBytes: bytes, backups: $0) } })
    }

    private let executor: QueueExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let file: AppendedFile
    private var lines = JSONLines()

    init(file: AppendedFile) {
        self.file = file
        executor = QueueExecutor(label: "publisher.file")
    }

    func publish(_ samples: [Sample]) throws { try file.append(lines.text(samples)) }
}
