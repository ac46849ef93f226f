// SPDX-License-Identifier: Apache-2.0
import CSpawn
import Foundation
import Synchronization

/// A program that a test has started, with a process group of its own.
///
/// Not on `Foundation.Process`, which on Linux lets every descendant inherit a socket and takes the program for running
/// until the last of them is gone: a script that starts a daemon would never end.
package final class ChildProcess: Sendable {
    package let pid: Int32
    private let ended = Mutex<Int32?>(nil)

    /// Starts a program; a name without a slash is looked up in `PATH`.
    ///
    /// - Parameters:
    ///   - environment: Added to our own.
    ///   - input: The descriptors that the child gets as 0, 1 and 2; nil is `/dev/null`. It inherits no others.
    package init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:],
        input: Int32? = nil, output: Int32? = nil, error: Int32? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in [input, output, error].enumerated() {
            if let source {
                posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
            } else {
                posix_spawn_file_actions_addopen(&actions, Int32(target), "/dev/null", O_RDWR, 0)
            }
        }
        // What another thread opens just now as well: Foundation opens files that it writes without O_CLOEXEC, and a
        // program that is still open for writing can't be run.
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var pid: pid_t = 0
        let failure = withCStrings([executable] + arguments) { argv in
            withCStrings(variables) { envp in
                posix_spawnp(&pid, executable, &actions, &attributes, argv, envp)
            }
        }
        guard failure == 0 else { throw ShellError(command: executable, reason: String(cString: strerror(failure))) }
        self.pid = pid
    }

    /// One that nobody asked about any more is not left as a zombie: Swift Testing's exit tests wait for any child, and
    /// would turn round such a one for ever.
    deinit {
        guard statusNow() == nil else { return }
        let pid = pid
        Thread.detachNewThread {
            var word: Int32 = 0
            waitpid(pid, &word, 0)
        }
    }

    /// Its exit status, or 128 and the signal's number, as a shell has it; nil if it is still running after this time.
    package func status(within limit: Duration) -> Int32? {
        let deadline = ContinuousClock.now + limit
        var pause: UInt32 = 500  // microseconds
        while true {
            if let status = statusNow() { return status }
            guard ContinuousClock.now < deadline else { return nil }
            usleep(pause)
            pause = min(2 * pause, 20_000)
        }
    }

    /// Sends a signal to the whole group, unless the program is known to have ended.
    package func signal(_ number: Int32) {
        ended.withLock { status in
            if status == nil { _ = kill(-pid, number) }
        }
    }

    private func statusNow() -> Int32? {
        ended.withLock { status in
            var word: Int32 = 0
            if status == nil, waitpid(pid, &word, WNOHANG) == pid {
                status = word & 0x7f == 0 ? (word >> 8) & 0xff : 128 + word & 0x7f
            }
            return status
        }
    }
}

/// Lends a null-terminated array of C strings, as `exec` takes them.
private func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
}
