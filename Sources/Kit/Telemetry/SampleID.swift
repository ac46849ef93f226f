// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// What makes a sample unique on its way, so that a receiver can drop a repeat: a random (version 4) UUID.
public struct SampleID: Sendable, Hashable {
    private var high: UInt64
    private var low: UInt64

    /// A new one, from the system's random numbers.
    public init() {
        let (high, low) = RandomPool.next()
        self.high = high & ~0xF000 | 0x4000
        self.low = low & ~(0xC000 << 48) | 0x8000 << 48
    }

    /// The one that a text stands for: 32 hexadecimal digits in the groups of a UUID of any version; nil for others.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return nil }
        (high, low) = (0, 0)
        var count = 0
        for (index, byte) in bytes.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            if count < 16 { high = high << 4 | UInt64(digit) } else { low = low << 4 | UInt64(digit) }
            count += 1
        }
    }

    /// Appends the 36 ASCII characters of its text, lower case.
    public func append(to bytes: inout [UInt8]) {
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 { bytes.append(UInt8(ascii: "-")) }
            let half = index < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (index % 16))) & 0xF
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}

extension SampleID: CustomStringConvertible {
    public var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The system's random numbers, fetched for 16 samples at a time: a system call for each would be the dearest part of
/// making one.
private enum RandomPool {
    private static let unused = Mutex<[UInt64]>([])

    static func next() -> (UInt64, UInt64) {
        unused.withLock { unused in
            if unused.count < 2 { unused = fetched() }
            return (unused.removeLast(), unused.removeLast())
        }
    }

    private static func fetched() -> [UInt64] {
        var numbers = [UInt64](repeating: 0, count: 32)  // 256 bytes, the most that getentropy gives
        if getentropy(&numbers, numbers.count * MemoryLayout<UInt64>.size) != 0 {
            for index in numbers.indices { numbers[index] = .random(in: .min ... .max) }
        }
        return numbers
    }
}
