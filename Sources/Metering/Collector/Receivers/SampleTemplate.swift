// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Telemetry

/// What a series' samples look like as JSON text: the text between the places where readings stand.
///
/// It only ever says what the decoder would: where a reading is written in a way that isn't the usual one, it says
/// nothing, and the sample is decoded.
struct SampleTemplate: Sendable {
    /// Where a sample's text may change within its series.
    enum Slot: Sendable, Hashable {
        case volume
        case timestamp
        case id
        case monotonic
        /// Passed over: who signs samples that nobody here can check.
        case signature
    }

    /// The text between slots: one more than there are slots.
    var pieces: [[UInt8]]
    private let slots: [Slot]
    private let series: Int32
    private let metadata: Int32
    /// The template that came after this one the last time.
    var next = 0

    init(_ outline: SampleOutline, in bytes: UnsafeRawBufferPointer, _ arrival: Arrival) {
        pieces = []
        var start = outline.range.lowerBound
        for (_, range) in outline.slots {
            pieces.append(Array(bytes[start..<range.lowerBound]))
            start = range.upperBound
        }
        pieces.append(Array(bytes[start..<outline.range.upperBound]))
        slots = outline.slots.map(\.slot)
        series = arrival.series
        metadata = arrival.point.metadata
    }

    /// The reading of a sample that begins at a position, and where the sample ends; nil where the text isn't like this.
    func match(_ bytes: UnsafeRawBufferPointer, at position: Int) -> (arrival: Arrival, end: Int)? {
        var position = position
        var point = Point(time: 0, volume: 0, metadata: metadata)
        for (index, slot) in slots.enumerated() {
            guard advance(&position, over: pieces[index], in: bytes),
                let end = Self.end(of: slot, bytes, position),
                Self.read(slot, UnsafeRawBufferPointer(rebasing: bytes[position..<end]), into: &point)
            else { return nil }
            position = end
        }
        guard advance(&position, over: pieces[slots.count], in: bytes) else { return nil }
        return (Arrival(series: series, point: point), position)
    }

    @inline(__always)
    private func advance(_ position: inout Int, over piece: [UInt8], in bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count - position >= piece.count, let base = bytes.baseAddress else { return false }
        let isEqual = piece.withUnsafeBytes { piece in
            piece.baseAddress.map { memcmp($0, base + position, piece.count) == 0 } ?? true
        }
        position += piece.count
        return isEqual
    }

    /// Where a slot's text ends: texts at their quotation mark, numbers before what can't belong to one; nil where a
    /// text has an escape or more than plain letters.
    private static func end(of slot: Slot, _ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        var index = start
        let limit = min(bytes.count, start + 80)
        switch slot {
        case .timestamp, .id, .signature:
            while index < limit, bytes[index] != UInt8(ascii: "\"") {
                guard bytes[index].isPlain else { return nil }
                index += 1
            }
        case .volume, .monotonic:
            while index < limit, bytes[index].mayBelongToNumber { index += 1 }
        }
        return index < limit ? index : nil
    }

    private static func read(_ slot: Slot, _ text: UnsafeRawBufferPointer, into point: inout Point) -> Bool {
        switch slot {
        case .volume:
            guard let volume = Volume(json: text) else { return false }
            point.volume = volume
        case .timestamp:
            guard let time = Timestamp(parsing: text) else { return false }
            point.time = time.microseconds
        case .id:
            guard let id = MessageID.digest(uuid: text) else { return false }
            point.id = id
        case .monotonic:
            // As Sample(_:) takes it, to the nanosecond.
            guard let seconds = Volume(json: text)?.doubleValue, (0...3.2e9).contains(seconds) else { return false }
            point.monotonic = Int64((seconds * 1e9).rounded()) / 1000
        case .signature: break
        }
        return true
    }
}

extension UInt8 {
    /// ASCII that a JSON string holds as it is.
    fileprivate var isPlain: Bool { (0x20..<0x7F).contains(self) && self != UInt8(ascii: "\\") }

    fileprivate var mayBelongToNumber: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || self == UInt8(ascii: "-")
            || self == UInt8(ascii: "+") || self == UInt8(ascii: ".") || self | 0x20 == UInt8(ascii: "e")
    }
}
