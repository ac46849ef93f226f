// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Telemetry
import Testing

@Suite final class SharedReadsTests: Sendable {
    private struct Fault: Error {}

    private let reads = SharedReads<Int, String>(capacity: 2)
    private let times = Mutex<[Int]>([])

    private func read(_ key: Int) async throws -> String {
        try await reads.value(for: key) {
            times.withLock { $0.append(key) }
            return "answer \(key)"
        }
    }

    @Test func whatWasReadIsReadOnce() async throws {
        for _ in 1...3 { #expect(try await read(1) == "answer 1") }
        #expect(times.withLock { $0 } == [1])
    }

    @Test func theOneThatEndedFirstIsForgottenFirst() async throws {
        for key in [1, 2, 3, 3, 2, 1] { _ = try await read(key) }
        #expect(times.withLock { $0 } == [1, 2, 3, 1])
    }

    /// What took long is still there for those who come when it is done.
    @Test func aSlowOneOutlivesThoseThatOvertookIt() async throws {
        _ = try await reads.value(for: 1) {
            for key in [2, 3, 4] { _ = try await read(key) }
            return "slow"
        }
        #expect(try await read(1) == "slow")
    }

    @Test func anErrorIsSharedToo() async {
        let count = Mutex(0)
        for _ in 1...2 {
            await #expect(throws: Fault.self) {
                try await reads.value(for: 1) {
                    count.withLock { $0 += 1 }
                    throw Fault()
                }
            }
        }
        #expect(count.withLock { $0 } == 1)
    }
}
