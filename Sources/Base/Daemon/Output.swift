// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// What people and scripts read: a program's standard output and standard error.
package enum Output {
    /// - Parameter program: what the program calls itself, where it has to say that it can't write.
    /// - Returns: 0, or 1 where it could not be written.
    @discardableResult
    package static func put(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO, program: String) -> Int32 {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                if descriptor == STDOUT_FILENO {
                    let text = "\(program): could not write to standard output: \(String(cString: strerror(errno)))\n"
                    put(Array(text.utf8), to: STDERR_FILENO, program: program)
                }
                return 1
            }
            bytes = bytes.dropFirst(count)
        }
        return 0
    }
}
