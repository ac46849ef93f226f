// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Keeps a second service from the same database: each would tell extensions of everything. The kernel lets go with the
/// process, however that ends.
final class FleetLock: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = open(path + "-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw FleetProblem(.invalid, "could not open \(path)-lock: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw FleetProblem(.invalid, "could not open \(path): another process has it open")
        }
    }

    /// For the next one who opens the database in this process.
    func release() { flock(descriptor, LOCK_UN) }

    deinit { close(descriptor) }
}
