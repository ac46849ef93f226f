// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Lines from a descriptor, read by calls that block.
struct LineInput: ~Copyable {
    private let descriptor: Int32
    private let longestLine: Int
    private var buffer: [UInt8] = []
    /// How much of the buffer is known to hold no line feed.
    private var searched = 0

    init(descriptor: Int32, longestLine: Int) {
        self.descriptor = descriptor
        self.longestLine = longestLine
    }

    /// The next line without its end; nil at the end, after an error, and where a line is too long to be held.
    mutating func next() -> [UInt8]? {
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[..<end])
                buffer.removeFirst(end + 1)
                searched = 0
                return line
            }
            searched = buffer.count
            guard buffer.count <= longestLine, fill() else { return nil }
        }
    }

    private mutating func fill() -> Bool {
        let size = 1 << 16
        let old = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: size))
        var count = 0
        repeat {
            count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress?.advanced(by: old), size) }
        } while count < 0 && errno == EINTR
        buffer.removeLast(size - max(0, count))
        return count > 0
    }
}
