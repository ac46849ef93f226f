// SPDX-License-Identifier: Apache-2.0
import Daemon
import Foundation
import Telemetry
import TestSupport
import Testing

@Suite struct SystemdNotifierTests {
    private let socket: NotifySocket

    init() throws { socket = try NotifySocket() }

    private func notifier(_ environment: [String: String] = [:]) -> SystemdNotifier {
        SystemdNotifier(environment: environment.merging(["NOTIFY_SOCKET": socket.address]) { own, _ in own })
    }

    @Test func readyComesWithTheStatus() {
        notifier().ready(status: "polling 1 meters every 60 s")
        #expect(socket.next() == "READY=1\nSTATUS=polling 1 meters every 60 s")
    }

    @Test func theEndIsSaid() {
        notifier().stopping()
        #expect(socket.next() == "STOPPING=1")
    }

    @Test func aReloadComesWithTheTimeOfTheMonotonicClock() throws {
        let before = MonotonicTime.now.nanoseconds / 1000
        notifier().reloading()
        let after = MonotonicTime.now.nanoseconds / 1000
        let message = try #require(socket.next())
        let head = "RELOADING=1\nMONOTONIC_USEC="
        #expect(message.hasPrefix(head))
        let microseconds = try #require(UInt64(message.dropFirst(head.count)))
        #expect((before...after).contains(microseconds))
    }

    @Test func anAbstractSocketIsReachedToo() throws {
        let abstract = try NotifySocket("@hypsometer-\(UUID().uuidString)")
        SystemdNotifier(environment: ["NOTIFY_SOCKET": abstract.address]).ready(status: "x")
        #expect(abstract.next() == "READY=1\nSTATUS=x")
    }

    @Test func messagesComeInTheirOrder() {
        notifier().ready(status: "a")
        notifier().stopping()
        #expect([socket.next(), socket.next(), socket.next()] == ["READY=1\nSTATUS=a", "STOPPING=1", nil])
    }

    @Test(arguments: [[:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "relative"], ["NOTIFY_SOCKET": "/nosuch/socket"]])
    func whereNobodyListensNothingHappens(environment: [String: String]) {
        SystemdNotifier(environment: environment).ready(status: "x")
        #expect(socket.next() == nil)
    }

    @Test func anAddressTooLongForASocketIsLeftAlone() {
        SystemdNotifier(environment: ["NOTIFY_SOCKET": "/" + String(repeating: "a", count: 500)]).stopping()
    }

    @Test(
        arguments: [
            ([:], nil),
            (["WATCHDOG_USEC": "30000000"], 30_000_000),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "\(getpid())"], 30_000_000),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"], nil),
            (["WATCHDOG_USEC": "soon"], nil),
            (["WATCHDOG_USEC": "-1"], nil),
            (["WATCHDOG_USEC": "0"], nil),
        ] as [([String: String], UInt64?)])
    func theWatchdogIsOnWhereItIsMeantForUs(environment: [String: String], microseconds: UInt64?) {
        #expect(notifier(environment).watchdogMicroseconds == microseconds)
    }
}
