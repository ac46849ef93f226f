// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// What a message id is known by in the store: 64 bits of it, as it is only asked whether two points of one series and
/// one instant are the same message.
enum MessageID {
    static func digest(_ id: SampleID) -> UInt64 {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        id.append(to: &text)
        return text.withUnsafeBytes { digest(uuid: $0) } ?? 1
    }

    /// FNV-1a over the letters, in lower case; never 0, and nil where the text is none that a `SampleID` stands for.
    static func digest(uuid text: UnsafeRawBufferPointer) -> UInt64? {
        guard text.count == 36 else { return nil }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in 0..<36 {
            let byte = text[index] | 0x20
            switch index {
            case 8, 13, 18, 23: guard text[index] == UInt8(ascii: "-") else { return nil }
            default:
                guard text[index] &- UInt8(ascii: "0") < 10 || byte &- UInt8(ascii: "a") < 6 else { return nil }
            }
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return max(hash, 1)
    }
}
