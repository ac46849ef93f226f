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
        var rest = text[...]
        guard let year = rest.digits(4), rest.take("-"), let month = rest.digits(2), (1...12).contains(month),
            rest.take("-"), let day = rest.digits(2), (1...31).contains(day), rest.take("T") || rest.take(" "),
            let hour = rest.digits(2), hour < 24, rest.take(":"), let minute = rest.digits(2), minute < 60,
            rest.take(":"), let second = rest.digits(2), second < 60
        else { return nil }
        var fraction = 0
        if rest.take(".") {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard (1...6).contains(digits.count), let value = Int(digits) else { return nil }
            rest.removeFirst(digits.count)
            fraction = (digits.count..<6).reduce(value) { value, _ in value * 10 }
        }
        guard let offset = rest.offset(), rest.isEmpty else { return nil }

        // Days of the proleptic Gregorian calendar, counted from March so that a leap day is a year's last.
        let shifted = month > 2 ? year : year - 1
        let days =
            shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400
            + (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1 - 719_468
        microseconds = (((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1_000_000 + fraction

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

extension Substring {
    fileprivate mutating func take(_ character: Character) -> Bool {
        guard first == character else { return false }
        removeFirst()
        return true
    }

    fileprivate mutating func digits(_ count: Int) -> Int? {
        let digits = prefix(count)
        guard digits.count == count, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        removeFirst(count)
        return Int(digits)
    }

    /// Minutes east of UTC; nil for what is no offset.
    fileprivate mutating func offset() -> Int? {
        if isEmpty || take("Z") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = digits(2), hours < 24 else { return nil }
        _ = take(":")
        guard let minutes = digits(2), minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
