// SPDX-License-Identifier: Apache-2.0

/// Where in a sample's JSON text its readings stand.
struct SampleOutline {
    let range: Range<Int>
    private(set) var slots: [(slot: SampleTemplate.Slot, range: Range<Int>)] = []
    /// Of the text between the slots.
    private(set) var digest: UInt64 = 0

    var isSigned: Bool { slots.contains { $0.slot == .signature } }

    /// nil where the text is no object, or one that readings can't be told from: a key with an escape may be another
    /// way to write theirs, and one that stands twice may mean something else to the decoder.
    init?(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        self.range = range
        var skim = JSONSkim(UnsafeRawBufferPointer(rebasing: bytes[..<range.upperBound]), at: range.lowerBound)
        do throws(JSONSkim.Failure) {
            try skim.take("{")
            repeat {
                let key = try skim.string()
                try skim.take(":")
                let value = try skim.value()
                if bytes[key].contains(UInt8(ascii: "\\")) { return nil }
                guard let slot = SampleTemplate.Slot(key: bytes[key]) else { continue }
                guard let content = slot.content(of: value, in: bytes) else { continue }
                if slots.contains(where: { $0.slot == slot }) { return nil }
                slots.append((slot, content))
            } while skim.takes(",")
            try skim.take("}")
        } catch {
            return nil
        }
        guard skim.position == range.upperBound else { return nil }
        var start = range.lowerBound
        for (_, slot) in slots {
            mix(UnsafeRawBufferPointer(rebasing: bytes[start..<slot.lowerBound]))
            start = slot.upperBound
        }
        mix(UnsafeRawBufferPointer(rebasing: bytes[start..<range.upperBound]))
    }

    /// Eight bytes at a time; only a first guess, which a comparison confirms.
    private mutating func mix(_ text: UnsafeRawBufferPointer) {
        var hash = digest ^ UInt64(text.count)
        var index = 0
        while index + 8 <= text.count {
            hash = (hash ^ text.loadUnaligned(fromByteOffset: index, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
            index += 8
        }
        while index < text.count {
            hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01b3
            index += 1
        }
        digest = hash
    }
}

extension SampleTemplate.Slot {
    fileprivate init?(key: Slice<UnsafeRawBufferPointer>) {
        func isKey(_ text: StaticString) -> Bool { text.withUTF8Buffer { key.elementsEqual($0) } }
        switch key.count {
        case 2 where isKey("id"), 10 where isKey("message_id"): self = .id
        case 6 where isKey("volume"), 14 where isKey("counter_volume"): self = .volume
        case 9 where isKey("timestamp"): self = .timestamp
        case 14 where isKey("monotonic_time"): self = .monotonic
        case 17 where isKey("message_signature"): self = .signature
        default: return nil
        }
    }

    /// The part of a value that changes; nil where it is of another kind, which then belongs to the text around it: a
    /// monotonic time that isn't known is `null`.
    fileprivate func content(of value: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        let first = bytes[value.lowerBound]
        switch self {
        case .timestamp, .id, .signature:
            return first == UInt8(ascii: "\"") ? (value.lowerBound + 1)..<(value.upperBound - 1) : nil
        case .volume, .monotonic:
            return first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) ? value : nil
        }
    }
}
