// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// `hypsometer collector` as an operator starts it.
@Suite struct CommandTests {
    private let directory: TemporaryDirectory
    static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    init() throws { directory = try TemporaryDirectory() }

    private func run(_ arguments: String...) async throws -> (status: Int32, output: String, error: String) {
        try await onThread { try Shell.run(Self.binary, arguments, timeout: .seconds(60)) }
    }

    @Test func everySettingIsInTheSampleFile() async throws {
        let empty = try directory.write("", to: "empty.conf")
        let outcome = try await run("collector", "--print-config", "--config-file", empty)
        #expect(outcome.status == 0)
        let sample = Self.root.appending(path: "conf/collector.conf")
        #expect(outcome.output == (try String(contentsOf: sample, encoding: .utf8)))
    }

    @Test func theSampleFilesAreTaken() async throws {
        // Both programs' settings may stand in one directory.
        let outcome = try await run("collector", "--validate", "--config-dir", Self.root.appending(path: "conf").path)
        #expect(outcome == (0, "The configuration is good.\n", ""))
    }

    @Test func everyMistakeIsALine() async throws {
        let path = try directory.write("[collector]\nlisten = here\nretention_days = 0\ntoken = x\n", to: "c.conf")
        let outcome = try await run("collector", "--validate", "--config-file", path)
        #expect(outcome.status == 2)
        let lines = outcome.error.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.map { $0.contains("\(path):") } == [true, true, true])
        #expect(!outcome.error.contains("= x"))
    }

    @Test(
        arguments: [
            "collectr": 2, "collector --validat": 2, "collector --validate --print-config": 2, "": 2, "--help": 0,
            "--version": 0, "collector --help": 0,
        ] as [String: Int32])
    func usageIsChecked(line: String, status: Int32) async throws {
        let arguments = line.split(separator: " ").map { String($0) }
        let outcome = try await onThread { try Shell.run(Self.binary, arguments, timeout: .seconds(60)) }
        #expect(outcome.status == status)
        #expect(outcome.error.split(separator: "\n").count <= 1)
    }

    @Test func systemdIsToldWhenItIsReadyAndWhenItEnds() async throws {
        let socket = try NotifySocket()
        let configuration = try directory.write(
            "[collector]\nlisten = 127.0.0.1:0\ndatabase = \(directory("samples.db"))\n", to: "c.conf")
        let child = try ChildProcess(
            Self.binary, ["collector", "--config-file", configuration],
            environment: ["NOTIFY_SOCKET": socket.address, "WATCHDOG_USEC": "200000"])
        defer { child.signal(SIGKILL) }
        var messages: [String] = []
        while !messages.contains(where: { $0.hasPrefix("READY=1") }) { messages.append(try await socket.waitForNext()) }
        while messages.last != "WATCHDOG=1" { messages.append(try await socket.waitForNext()) }
        child.signal(SIGTERM)
        while messages.last != "STOPPING=1" { messages.append(try await socket.waitForNext()) }
        let status = try await onThread { child.status(within: .seconds(60)) }
        #expect(status == 0)
    }
}
