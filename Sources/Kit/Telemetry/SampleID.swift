// SPDX-License-Identifier: Apache-2.0

/// What makes a sample unique on its way, so that a receiver can drop a repeat: a random (version 4) UUID.
public struct SampleID: Sendable, Hashable {
    private var high: UInt64
    private var low: UInt64

    /// A new one, from the system's random numbers.
    public init() {
        high = .random(in: .min ... .max) & ~0xF000 | 0x4000
        low = .random(in: .min ... .max) & ~(0xC000 << 48) | 0x8000 << 48
    }

    /// The 36 ASCII characters of its text, lower case.
    public var ascii: [UInt8] {
        var text = [UInt8]()
        text.reserveCapacity(36)
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 { text.append(UInt8(ascii: "-")) }
            let half = index < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (index % 16))) & 0xF
            text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
        return text
    }
}

extension SampleID: CustomStringConvertible {
    public var description: String { String(decoding: ascii, as: UTF8.self) }
}
