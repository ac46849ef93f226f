// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Keeps a second collector from the same database: each would think that it alone knows what is in it. The kernel
/// lets go with the process, however that ends.
final class StoreLock: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws(StoreError) {
        // Nobody else may read samples: SQLite gives its further files the same mode.
        let database = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard database >= 0 else { throw .failing(path: path, reason: String(cString: strerror(errno))) }
        close(database)
        descriptor = open(path + "-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .failing(path: path + "-lock", reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(path: path)
        }
    }

    /// For the next one who opens the database in this process.
    func release() { flock(descriptor, LOCK_UN) }

    deinit { close(descriptor) }
}
