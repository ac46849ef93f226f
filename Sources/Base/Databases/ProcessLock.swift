// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Keeps a second process from a database whose owner thinks that it alone knows what is in it: `PATH-lock`. The kernel
/// lets go with the process, however that ends.
package final class ProcessLock: Sendable {
    private let descriptor: Int32

    /// - Parameter path: of the database.
    package init(_ path: String) throws(DatabaseFault) {
        descriptor = open(path + "-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            // Of a directory that isn't there people know what they put into it.
            let found = errno == ENOENT ? path : path + "-lock"
            throw .unopened(path: found, reason: String(cString: strerror(errno)))
        }
        // It is closed all the same: what throws once all is set is deinitialized.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw .inUse(path: path) }
    }

    /// For the next one who opens the database in this process.
    package func release() { flock(descriptor, LOCK_UN) }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
