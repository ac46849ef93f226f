// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What a program is given to read.
enum StandardInput {
    struct TooLarge: Error {
        var most: Int
    }

    /// All of it, up to a bound; blocks until its end.
    static func read(upTo most: Int) throws(TooLarge) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= most else { throw TooLarge(most: most) }
        }
    }
}
