// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Pipelines

/// A file that whole batches are appended to, opened anew for each so that whoever rotates it may move it. With a
/// rotation it rotates by itself: `path.1` is the newest of the old ones.
struct AppendedFile: Sendable {
    struct Rotation: Sendable {
        /// The file is moved away before a batch that would make it larger.
        var maxBytes: Int
        var backups: Int
    }

    let path: String
    let rotation: Rotation?

    /// Appends all of it or, where it throws, none.
    func append(_ bytes: [UInt8]) throws {
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
