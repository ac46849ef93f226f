// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What people and scripts read.
enum Output {
    /// - Returns: 0, or 1 where it could not be written.
    @discardableResult
    static func put(_ text: String, to descriptor: Int32 = STDOUT_FILENO) -> Int32 {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                if descriptor == STDOUT_FILENO {
                    let reason = String(cString: strerror(errno))
                    put("hypsometer: could not write to standard output: \(reason)\n", to: STDERR_FILENO)
                }
                return 1
            }
            bytes = bytes.dropFirst(count)
        }
        return 0
    }
}
