// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Why something could not be written, in the system's words.
package struct WriteError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What we were doing, after "could not": `write to /var/log/samples.jsonl`.
    package var action: String
    /// `errno`.
    package var number: Int32

    package init(action: String, number: Int32) {
        self.action = action
        self.number = number
    }

    /// The error of the system call that has just failed.
    package static func last(_ action: String) -> WriteError { WriteError(action: action, number: errno) }

    package var description: String { "could not \(action): \(String(cString: strerror(number))) (errno \(number))" }
}

/// Writes all bytes to a descriptor, however many calls it takes.
///
/// - Returns: how many were written before an error; all of them where there was none.
package func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int {
    var done = 0
    while done < bytes.count {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        done += count
    }
    return done
}
