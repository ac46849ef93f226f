// SPDX-License-Identifier: Apache-2.0
import Daemon
import Glibc

extension Output {
    /// - Returns: 0, or 1 where it could not be written.
    @discardableResult
    static func put(_ text: String, to descriptor: Int32 = STDOUT_FILENO) -> Int32 {
        put(Array(text.utf8), to: descriptor, program: "hypsometer")
    }
}
