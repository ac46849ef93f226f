// SPDX-License-Identifier: Apache-2.0
import Audits
import Telemetry
import Testing

@Suite struct AuditScheduleTests {
    private func time(_ text: String) -> Timestamp {
        Timestamp(parsing: text.utf8) ?? Timestamp(microseconds: 0)
    }

    /// 2026-11-21 is a Saturday; 2028 is the next leap year.
    @Test(arguments: [
        ("* * * * *", "2026-11-21T23:59:00", "2026-11-22T00:00:00"),
        ("*/15 * * * *", "2026-11-21T10:15:00.5", "2026-11-21T10:30:00"),
        ("0 2 * * mon-fri", "2026-11-21T10:00:00", "2026-11-23T02:00:00"),
        ("30 4 1,15 * *", "2026-11-21T10:00:00", "2026-12-01T04:30:00"),
        ("0 0 29 feb *", "2026-11-21T10:00:00", "2028-02-29T00:00:00"),
        ("0 12 * * 7", "2026-11-21T12:00:00", "2026-11-22T12:00:00"),
        // Either of the day fields is enough where both name days.
        ("0 0 25 * sun", "2026-11-22T00:00:00", "2026-11-25T00:00:00"),
        ("5-10/5 22 * * *", "2026-11-21T22:05:00", "2026-11-21T22:10:00"),
        ("50/5 * * * *", "2026-11-21T22:50:59", "2026-11-21T22:55:00"),
    ])
    func cronComesAsCronHasIt(_ text: String, _ from: String, _ next: String) throws {
        let schedule = try #require(CronSchedule(text))
        #expect(schedule.next(after: time(from)) == time(next))
    }

    @Test(arguments: [
        "", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "*/0 * * * *", "5-1 * * * *",
        "0 0 30 feb *", "a * * * *", "1,,2 * * * *", "-1 * * * *",
    ])
    func whatIsNoScheduleOrNeverComesIsRefused(_ text: String) { #expect(CronSchedule(text) == nil) }

    @Test func afterAClockWasSetBackTheNextRunIsSoon() throws {
        let due = time("2026-11-21T10:00:00")
        let interval = try #require(AuditInterval("60"))
        #expect(interval.next(after: due, now: time("2026-11-20T10:00:05")) == time("2026-11-20T10:01:05"))
        // A second is no reason to run twice.
        #expect(interval.next(after: due, now: time("2026-11-21T09:59:59")) == time("2026-11-21T10:01:00"))
        let cron = try #require(AuditInterval("0 10 * * *"))
        #expect(cron.next(after: due, now: time("2026-11-20T09:00:00")) == time("2026-11-20T10:00:00"))
        #expect(cron.next(after: due, now: time("2026-11-21T09:59:59")) == time("2026-11-22T10:00:00"))
    }

    @Test func anIntervalKeepsItsBeatAndMakesNothingUp() throws {
        let interval = try #require(AuditInterval("60"))
        let due = time("2026-11-21T10:00:00")
        #expect(interval.next(after: due, now: time("2026-11-21T10:00:07")) == time("2026-11-21T10:01:00"))
        // The service was down for a quarter of an hour.
        #expect(interval.next(after: due, now: time("2026-11-21T10:15:30")) == time("2026-11-21T10:16:00"))
        #expect(AuditInterval("0") == nil && AuditInterval("-5") == nil && AuditInterval("hourly") == nil)
    }
}
