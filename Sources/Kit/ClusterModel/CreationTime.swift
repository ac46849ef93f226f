// SPDX-License-Identifier: Apache-2.0

/// When something was created, as OpenStack's services tell it: to the microsecond, with an offset from UTC.
public struct CreationTime: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let microseconds: Int
    /// `2026-02-09 18:55:13+00:00`, with six digits of a fraction where it isn't 0.
    public let description: String

    /// Reads `2026-02-09T18:55:13Z` and its like: `T` or a space, a fraction or none, `Z`, an offset `+02:00`, or
    /// neither, which means UTC.
    public init?(_ text: String) {
        var reader = TimeReader(bytes: Array(text.utf8))
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), (1...12).contains(month),
            reader.take("-"), let day = reader.digits(2), (1...31).contains(day), reader.take("T") || reader.take(" "),
            let hour = reader.digits(2), hour < 24, reader.take(":"), let minute = reader.digits(2), minute < 60,
            reader.take(":"), let second = reader.digits(2), second < 60,
            let fraction = reader.take(".") ? reader.fraction() : 0, let offset = reader.offset(), reader.isAtEnd
        else { return nil }

        // Days of the proleptic Gregorian calendar, counted from March so that a leap day is a year's last.
        let shifted = month > 2 ? year : year - 1
        let days =
            shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400
            + (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1 - 719_468
        microseconds = (((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1_000_000 + fraction

        if fraction == 0, text.hasSuffix("+00:00"), text.contains(" ") {
            description = text
            return
        }
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let time = "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
        let zone = "\(offset < 0 ? "-" : "+")\(padded(abs(offset) / 60, 2)):\(padded(abs(offset) % 60, 2))"
        description = "\(date) \(time)\(fraction == 0 ? "" : ".\(padded(fraction, 6))")\(zone)"
    }

    public static func < (left: CreationTime, right: CreationTime) -> Bool { left.microseconds < right.microseconds }
}

private struct TimeReader {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    private mutating func digit() -> Int? {
        guard position < bytes.count, (48...57).contains(bytes[position]) else { return nil }
        defer { position += 1 }
        return Int(bytes[position]) - 48
    }

    mutating func digits(_ count: Int) -> Int? {
        var number = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// One to six digits after the point, as microseconds.
    mutating func fraction() -> Int? {
        guard var number = digit() else { return nil }
        for _ in 1..<6 { number = number * 10 + (digit() ?? 0) }
        return number
    }

    /// Minutes east of UTC; nil for what is no offset.
    mutating func offset() -> Int? {
        if isAtEnd || take("Z") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = digits(2), hours < 24 else { return nil }
        _ = take(":")
        guard let minutes = digits(2), minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
