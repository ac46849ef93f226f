// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Runs programs to their end; blocks the calling thread meanwhile.
package enum Shell {
    /// The whole output of a program, which goes to files without a name: no pipe to run full, none that a daemon it
    /// leaves behind could hold open.
    ///
    /// - Parameters:
    ///   - executable: A path, or a name to look up in `PATH`.
    ///   - environment: Added to our own.
    ///   - input: A descriptor to read from; nil is `/dev/null`.
    ///   - timeout: After it the program's process group is killed, and this throws.
    /// - Returns: `status` is the exit status, or 128 and the number of the signal that ended it.
    @discardableResult
    package static func run(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:], input: Int32? = nil,
        timeout: Duration = .seconds(60)
    ) throws -> (status: Int32, output: String, error: String) {
        let output = try namelessFile()
        let error = try namelessFile()
        defer {
            close(output)
            close(error)
        }
        let child = try ChildProcess(
            executable, arguments, environment: environment, input: input, output: output, error: error)
        guard let status = child.status(within: timeout) else {
            child.signal(SIGKILL)
            _ = child.status(within: .seconds(5))
            let command = ([executable] + arguments).joined(separator: " ")
            throw ShellError(command: command, reason: "killed after \(timeout): \(text(of: error))")
        }
        return (status, text(of: output), text(of: error))
    }

    private static func namelessFile() throws -> Int32 {
        var path = Array("/tmp/shell.XXXXXX".utf8CString)
        let file = mkstemp(&path)
        guard file >= 0 else { throw ShellError(command: "mkstemp", reason: String(cString: strerror(errno))) }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        unlink(path)
        return file
    }

    private static func text(of file: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: Int(lseek(file, 0, SEEK_END)))
        let count = pread(file, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}

/// What a command was, and why it did not do its work.
package struct ShellError: Error, CustomStringConvertible {
    package var command: String
    package var reason: String

    package init(command: String, reason: String) {
        self.command = command
        self.reason = reason
    }

    package var description: String { "\(command): \(reason)" }
}
