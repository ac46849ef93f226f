// SPDX-License-Identifier: Apache-2.0
import Daemon
import Telemetry
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct WatchdogServiceTests {
    private let socket: NotifySocket
    private let heartbeat = Heartbeat()
    private let log = LogMemory()

    init() throws { socket = try NotifySocket() }

    private func running(_ body: () async throws -> Void) async throws {
        let notifier = SystemdNotifier(environment: ["NOTIFY_SOCKET": socket.address, "WATCHDOG_USEC": "4000"])
        let service = WatchdogService(notifier: notifier, heartbeat: heartbeat, log: log.logger)
        let task = Task { try await service.run() }
        try await body()
        task.cancel()
        try await task.value
    }

    private func expectSignOfLife() async throws {
        let message = try await socket.waitForNext()
        #expect(message == "WATCHDOG=1")
    }

    @Test func signsOfLifeFollowEachOther() async throws {
        try await running {
            for _ in 1...3 { try await expectSignOfLife() }
        }
        #expect(log.lines == [])
    }

    @Test func whoeverIsExpectedInTimeChangesNothing() async throws {
        heartbeat.expect("interval 60", by: .now + .seconds(3600))
        try await running { try await expectSignOfLife() }
    }

    @Test func thereIsNoSignOfLifeWhileSomebodyIsOverdue() async throws {
        heartbeat.expect("interval 60", by: MonotonicTime(nanoseconds: 0))
        try await running {
            while log.lines.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
            #expect(socket.next() == nil)
        }
        #expect(
            log.lines == ["critical: no sign of life; systemd will restart the service overdue=[\"interval 60\"]"])
    }

    @Test func signsOfLifeGoOnWhenTheOverdueOneIsBack() async throws {
        heartbeat.expect("interval 60", by: MonotonicTime(nanoseconds: 0))
        try await running {
            while log.lines.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
            heartbeat.expect("interval 60", by: .now + .seconds(3600))
            try await expectSignOfLife()
        }
    }
}
