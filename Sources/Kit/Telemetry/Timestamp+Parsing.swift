// SPDX-License-Identifier: Apache-2.0

extension Timestamp {
    /// Reads ASCII such as `2026-11-21T03:16:50.035734`: a space may stand for the `T`, one to nine digits follow the
    /// point where there is one (those past microseconds are cut off), and a zone, `Z` or `+02:00`, may end it; without
    /// one it is UTC. nil for anything else, and for dates that don't exist.
    public init?(parsing text: some Collection<UInt8>) {
        let result: Timestamp?? = text.withContiguousStorageIfAvailable { Self.parsed($0) }
        let parsed = result ?? Array(text).withUnsafeBufferPointer { Self.parsed($0) }
        guard let parsed else { return nil }
        self = parsed
    }

    private static func parsed(_ text: UnsafeBufferPointer<UInt8>) -> Timestamp? {
        guard text.count >= 19, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " "), text[13] == UInt8(ascii: ":"),
            text[16] == UInt8(ascii: ":"), let year = number(text, 0, 4), let month = number(text, 5, 2),
            let day = number(text, 8, 2), let hour = number(text, 11, 2), let minute = number(text, 14, 2),
            let second = number(text, 17, 2), (1...12).contains(month), year > 0,
            (1...daysInMonth(month, year)).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            let start = index
            var unit: Int64 = 100_000
            while index < text.count, let digit = digit(text[index]) {
                fraction += digit * unit
                unit /= 10
                index += 1
            }
            guard (1...9).contains(index - start) else { return nil }
        }
        guard let offset = zone(text, index) else { return nil }
        let days = daysSinceEpoch(year: year, month: month, day: day)
        let seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset
        return Timestamp(microseconds: seconds * 1_000_000 + fraction)
    }

    /// Seconds east of UTC; nil where what stands there is no zone.
    private static func zone(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int64? {
        switch text.count - index {
        case 0: return 0
        case 1: return text[index] == UInt8(ascii: "Z") || text[index] == UInt8(ascii: "z") ? 0 : nil
        case 6:
            let isWest = text[index] == UInt8(ascii: "-")
            guard isWest || text[index] == UInt8(ascii: "+"), text[index + 3] == UInt8(ascii: ":"),
                let hours = number(text, index + 1, 2), let minutes = number(text, index + 4, 2), hours < 24,
                minutes < 60
            else { return nil }
            return (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
        default: return nil
        }
    }

    private static func number(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int64? {
        var value: Int64 = 0
        for index in start..<(start + count) {
            guard let digit = digit(text[index]) else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    private static func digit(_ byte: UInt8) -> Int64? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? Int64(value) : nil
    }

    private static func daysInMonth(_ month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The other way round of what `description` does: years that begin on 1 March, in eras of 400.
    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let marchMonth = month <= 2 ? month + 9 : month - 3
        let (era, yearOfEra) = (marchYear / 400, marchYear % 400)
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
