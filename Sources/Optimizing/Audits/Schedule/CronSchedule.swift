// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// When cron would run something: five fields `minute hour day-of-month month day-of-week`, in UTC.
///
/// Each field takes `*`, numbers, ranges `a-b`, steps `/n` and lists with commas; months and weekdays also their English
/// names of three letters; Sunday is 0 and 7. Where both day fields name some days, either of them is enough, as cron
/// has it.
package struct CronSchedule: Sendable, Hashable {
    private var minutes: Set<Int64>, hours: Set<Int64>, days: Set<Int64>, months: Set<Int64>, weekdays: Set<Int64>
    private var namesDays: Bool, namesWeekdays: Bool

    package static let allowed = "five fields: minute hour day-of-month month day-of-week, such as 0 2 * * mon-fri"

    private static let monthNames = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// nil for what is no schedule, and for one that never comes, as 30 February.
    package init?(_ text: String) {
        let fields = text.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
        guard fields.count == 5, let minutes = Self.field(fields[0], 0...59),
            let hours = Self.field(fields[1], 0...23), let days = Self.field(fields[2], 1...31),
            let months = Self.field(fields[3], 1...12, names: Self.monthNames, first: 1),
            let weekdays = Self.field(fields[4], 0...7, names: Self.weekdayNames)
        else { return nil }
        (self.minutes, self.hours, self.days, self.months) = (minutes, hours, days, months)
        self.weekdays = Set(weekdays.map { $0 % 7 })
        (namesDays, namesWeekdays) = (!fields[2].hasPrefix("*"), !fields[4].hasPrefix("*"))
        if next(after: Timestamp(microseconds: 0)) == nil { return nil }
    }

    /// - Returns: nil where it doesn't come in the next nine years, the longest way between two 29 February.
    package func next(after instant: Timestamp) -> Timestamp? {
        let minute = instant.microseconds.floored(by: 60_000_000) + 1
        var day = minute.floored(by: 1440)
        let last = day + 9 * 366
        var minuteOfDay = minute - day * 1440
        while day <= last {
            if matches(day) {
                while minuteOfDay < 1440 {
                    if hours.contains(minuteOfDay / 60), minutes.contains(minuteOfDay % 60) {
                        return Timestamp(microseconds: (day * 1440 + minuteOfDay) * 60_000_000)
                    }
                    minuteOfDay += 1
                }
            }
            minuteOfDay = 0
            day += 1
        }
        return nil
    }

    /// - Parameter day: since 1970-01-01, a Thursday.
    private func matches(_ day: Int64) -> Bool {
        let date = Timestamp(microseconds: day * 86_400_000_000).description.prefix(10).split(separator: "-")
            .compactMap { Int64($0) }
        guard date.count == 3, months.contains(date[1]) else { return false }
        let isDay = days.contains(date[2])
        let isWeekday = weekdays.contains((day + 4) - (day + 4).floored(by: 7) * 7)
        return namesDays && namesWeekdays ? isDay || isWeekday : isDay && isWeekday
    }

    private static func field(
        _ text: String, _ range: ClosedRange<Int64>, names: [String] = [], first: Int64 = 0
    ) -> Set<Int64>? {
        func number(_ text: Substring) -> Int64? {
            if let index = names.firstIndex(of: String(text)) { return Int64(index) + first }
            guard text.allSatisfy(\.isNumber) else { return nil }
            return Int64(text).flatMap { range.contains($0) ? $0 : nil }
        }
        var values: Set<Int64> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            var step: Int64 = 1
            if pieces.count == 2 {
                guard let given = Int64(pieces[1]), given > 0 else { return nil }
                step = given
            }
            let ends = pieces[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            var (low, high) = (range.lowerBound, range.upperBound)
            if pieces[0] != "*" {
                guard let start = number(ends[0]) else { return nil }
                low = start
                if ends.count == 2 {
                    guard let end = number(ends[1]), end >= start else { return nil }
                    high = end
                } else if pieces.count == 1 {
                    high = start
                }
            }
            values.formUnion(stride(from: low, through: high, by: Int(step)))
        }
        return values
    }
}

extension Int64 {
    /// The quotient, rounded down also where it is negative.
    fileprivate func floored(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
