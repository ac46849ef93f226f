// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Settings
import TestSupport
import Testing

@testable import Pipelines

/// The spool's bounds, and files that are not what they should be.
@Suite(.timeLimit(.minutes(1))) struct SpoolTests {
    private let log = LogMemory()
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func open(bytes: Int = 1 << 20, age: Duration = .seconds(3600)) async throws -> Spool {
        try await Spool.open(
            SpoolOptions(
                directory: directory.path, mostBytes: bytes, mostAge: age, place: .init("hypsometer.conf", line: 3)),
            log: log.logger)
    }

    private func batch(_ sequence: Int64, _ text: String = "", samples: Int = 1, bytes: Int = 0) -> SpooledBatch {
        SpooledBatch(
            sequence: sequence, samples: samples,
            body: bytes > 0 ? [UInt8](repeating: UInt8(sequence), count: bytes) : Array(text.utf8))
    }

    @Test func batchesComeBackInTheirOrderByPublisher() async throws {
        let spool = try await open()
        try await spool.store([batch(1, "one"), batch(2, "two")], for: "a")
        try await spool.store([batch(1, "other")], for: "b")
        #expect(try await spool.first(for: "a", after: 0) == batch(1, "one"))
        #expect(try await spool.first(for: "a", after: 1) == batch(2, "two"))
        #expect(try await spool.first(for: "a", after: 2) == nil)
        #expect(try await spool.first(for: "b", after: 0) == batch(1, "other"))
        try await spool.remove(for: "a", through: 2)
        #expect(await spool.waiting == ["b": 1])
    }

    @Test func whatWasStoredIsThereAfterTheProcessIsKilled() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let path = NSTemporaryDirectory() + "hypsometer-killed-spool"
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            let spool = try await Spool.open(
                SpoolOptions(directory: path, mostBytes: 1 << 30, mostAge: .seconds(60)), log: LogMemory().logger)
            for number in 1...50 {
                let body = [UInt8](repeating: UInt8(number), count: 100_000)
                try await spool.store([SpooledBatch(sequence: Int64(number), samples: 7, body: body)], for: "a")
            }
            kill(getpid(), SIGKILL)
        }
        let path = NSTemporaryDirectory() + "hypsometer-killed-spool"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let spool = try await Spool.open(
            SpoolOptions(directory: path, mostBytes: 1 << 30, mostAge: .seconds(60)), log: log.logger)
        #expect(await spool.waiting == ["a": 350])
        #expect(try await spool.first(for: "a", after: 49)?.body == [UInt8](repeating: 50, count: 100_000))
        #expect(log.lines == [])
    }

    @Test func whereItIsFullTheOldestOfWhoHasMostGo() async throws {
        let spool = try await open(bytes: 1000)
        try await spool.store([batch(1, bytes: 300)], for: "small")
        for number in 1...4 { try await spool.store([batch(Int64(number), samples: 2, bytes: 300)], for: "large") }
        #expect(await spool.waiting == ["small": 1, "large": 4])
        #expect(await spool.dropped(of: "large") == 4)
        #expect(try await spool.first(for: "large", after: 0)?.sequence == 3)
        let words = "the spool is full; the oldest samples are dropped"
        #expect(
            log.lines == [
                "error: \(words) dropped so far=2 publisher=large", "debug: \(words) dropped so far=4 publisher=large",
            ])
        try await spool.remove(for: "large", through: 4)
        #expect(
            log.lines.last
                == "notice: nothing waits in the spool any more for this publisher dropped so far=4 publisher=large")
    }

    @Test func theBatchThatIsBeingSentStays() async throws {
        let spool = try await open(bytes: 1000)
        try await spool.store([batch(1, bytes: 400), batch(2, bytes: 400)], for: "a")
        #expect(try await spool.first(for: "a", after: 0)?.sequence == 1)
        try await spool.store([batch(3, bytes: 400)], for: "a")
        #expect(try await spool.first(for: "a", after: 0)?.sequence == 1)
        #expect(try await spool.first(for: "a", after: 1)?.sequence == 3)
    }

    @Test func whatIsTooOldGoes() async throws {
        do { try await open().store([batch(1, samples: 3, bytes: 10)], for: "a") }
        let spool = try await open(age: .seconds(-5))
        try await spool.store([batch(1, bytes: 10)], for: "b")
        #expect(await spool.waiting == ["b": 1])
        #expect(
            log.lines == [
                "error: samples have waited too long in the spool; they are dropped dropped so far=3 publisher=a",
                "notice: nothing waits in the spool any more for this publisher dropped so far=3 publisher=a",
            ])
    }

    @Test func onlyOneAgentHasIt() async throws {
        let first = try await open()
        try await first.store([batch(1, "one")], for: "a")
        let mistake = await #expect(throws: Mistake.self) { try await open() }
        #expect(
            mistake?.description
                == "hypsometer.conf:3: [publisher] spool_directory: \"\(directory.path)\", which can't be used: another "
                + "agent has it open; allowed: a directory that is there, that this user may write to, and that no other "
                + "agent uses")
        #expect(try await first.first(for: "a", after: 0) == batch(1, "one"))
    }

    @Test func aDirectoryThatIsNotThereIsRefused() async throws {
        try FileManager.default.removeItem(atPath: directory.path)
        let mistake = await #expect(throws: Mistake.self) { try await open() }
        #expect(mistake?.found == "\"\(directory.path)\", which can't be used: No such file or directory")
    }

    @Test func aFileThatIsNoDatabaseIsSetAside() async throws {
        let text = String(repeating: "This is no database. ", count: 100)
        try directory.write(text, to: "spool.db")
        let spool = try await open()
        try await spool.store([batch(1, "one")], for: "a")
        #expect(try directory.text("spool.db.damaged") == text)
        #expect(log.lines.count == 1)
        #expect(log.lines[0].hasPrefix("error: the spool can't be read; it is set aside and a new one begun error="))
    }

    @Test func aDatabaseOfSomebodyElseIsSetAside() async throws {
        let other = try DatabaseQueue(path: directory("spool.db"))
        try await other.write { try $0.execute(sql: "CREATE TABLE t (x)") }
        try other.close()
        _ = try await open()
        #expect(log.lines.count == 1 && log.lines[0].contains("no spool but something else"))
        #expect(try directory.names.contains("spool.db.damaged"))
    }

    @Test func damageThatShowsOnlyLaterCostsWhatWasThereAndNoMore() async throws {
        do {
            let spool = try await open()
            for number in 1...20 { try await spool.store([batch(Int64(number), bytes: 30_000)], for: "a") }
        }
        // All but the first pages, which is what is read when it is opened.
        let file = try #require(FileHandle(forWritingAtPath: directory("spool.db")))
        try file.truncate(atOffset: 3 * 16384)
        try file.close()
        let spool = try await open()
        _ = try? await spool.first(for: "a", after: 0)
        try await spool.store([batch(21, "new")], for: "a")
        #expect(try await spool.first(for: "a", after: 20) == batch(21, "new"))
        #expect(
            log.lines.contains { $0.hasPrefix("error: the spool can't be read; it is set aside and a new one begun") })
    }
}
