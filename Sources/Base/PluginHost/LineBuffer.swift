// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Lines out of what a descriptor gives piece by piece, of a length that is bounded.
struct LineBuffer: Sendable {
    enum Fill: Sendable, Hashable {
        case some
        /// Nothing there now.
        case nothing
        case end
    }

    private var bytes: [UInt8] = []
    private var chunk: [UInt8] = []
    private var start = 0
    /// Up to here there is no line feed.
    private var searched = 0

    /// Of what belongs to no whole line yet.
    var count: Int { bytes.count - start }

    /// The beginning of what belongs to no whole line yet.
    func head(_ length: Int) -> [UInt8] { Array(bytes[start...].prefix(length)) }

    /// The next whole line without its end.
    mutating func next() -> [UInt8]? {
        let from = max(start, searched)
        let end = bytes.withUnsafeBytes { buffer -> Int? in
            guard let base = buffer.baseAddress, from < buffer.count,
                let found = memchr(base + from, Int32(UInt8(ascii: "\n")), buffer.count - from)
            else { return nil }
            return base.distance(to: UnsafeRawPointer(found))
        }
        guard let end else {
            searched = bytes.count
            return nil
        }
        let line = Array(bytes[start..<end])
        start = end + 1
        searched = start
        if start == bytes.count { clear() }
        return line
    }

    /// Reads what is there, at most 256 KiB.
    mutating func fill(from descriptor: Int32) -> Fill {
        if start > 0 {
            bytes.removeFirst(start)
            searched -= start
            start = 0
        }
        if chunk.isEmpty { chunk = [UInt8](repeating: 0, count: 1 << 18) }
        let count = read(descriptor, &chunk, chunk.count)
        let failure = errno
        if count > 0 { chunk.withUnsafeBytes { bytes.append(contentsOf: $0[..<count]) } }
        if count > 0 { return .some }
        return count < 0 && (failure == EAGAIN || failure == EINTR) ? .nothing : .end
    }

    /// Forgets all, its memory too where that is much.
    mutating func clear() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 20)
        (start, searched) = (0, 0)
    }
}
