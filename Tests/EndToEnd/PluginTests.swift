// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The real agent with plug-ins dropped in beside it: the example in Python, and some that misbehave.
@Suite(.timeLimit(.minutes(3))) struct PluginTests {
    private let directory: TemporaryDirectory
    private static let example = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Examples/pollster-in-python").standardized

    init() throws { directory = try TemporaryDirectory() }

    private func agent(meters: String = "*", settings: String = "") throws -> RunningAgent {
        try RunningAgent(
            uri: "test:///default", polling: RunningAgent.polling(meters: meters),
            settings: "plugin_dirs = \(directory.path)\nstate_dir = \(directory.path)\n\(settings)")
    }

    private func dropIn() throws {
        for name in ["host-uptime", "host-uptime.entry_points"] {
            try FileManager.default.copyItem(
                atPath: Self.example.appending(path: name).path, toPath: directory(name))
        }
    }

    /// Writes a plug-in that is well but for what it does at a poll.
    private func dropIn(_ name: String, poll: String) throws {
        try directory.write(
            "[plugin]\nversion = 1\nprotocol = 1\nexec = \(name)\n[ceilometer.poll.compute]\n\(name) = X\n",
            to: "\(name).entry_points")
        try directory.write(
            """
            #!/usr/bin/env python3
            import json, os, sys, time
            for line in sys.stdin:
                c = json.loads(line)
                if c["method"] == "start":
                    result = {"protocol": 1, "entry_points": [{"namespace": "ceilometer.poll.compute", "name": "\(name)",
                        "meters": [{"name": "\(name).meter", "type": "gauge", "unit": ""}]}]}
                else:
                    \(poll)
                    result = {"samples": [{"name": "\(name).meter", "volume": os.getpid(), "resource_id": "host"}]}
                print(json.dumps({"jsonrpc": "2.0", "id": c["id"], "result": result}), flush=True)

            """, to: name)
        chmod(directory(name), 0o755)
    }

    private func errors(_ agent: RunningAgent) -> [Substring] {
        agent.logText.split(separator: "\n").filter { $0.contains(" error ") }
    }

    /// The processes that were started from the directory.
    private var running: [Int32] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter { number in
                guard number != getpid(), let line = try? Data(contentsOf: URL(filePath: "/proc/\(number)/cmdline"))
                else { return false }
                return String(decoding: line, as: UTF8.self).contains(directory("host-uptime"))
            }
        }
    }

    @Test func twoFilesMakeItActiveAndWithoutThemItIsGone() async throws {
        try dropIn()
        let agent = try agent()
        try await agent.wait { $0.contains { $0.meter == "host.uptime" } && $0.contains { $0.meter == "cpu" } }
        for name in ["host-uptime", "host-uptime.entry_points"] {
            try FileManager.default.removeItem(atPath: directory(name))
        }
        agent.signal(SIGHUP)
        while !agent.logText.contains("configuration reloaded") { try await Task.sleep(for: .milliseconds(50)) }
        while try !running.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        let before = try agent.readings()
        try await agent.wait { $0.of("cpu").count >= before.of("cpu").count + 4 }
        #expect(try agent.readings().of("host.uptime").count <= before.of("host.uptime").count + 1)
        #expect(errors(agent) == [])
    }

    @Test func killedInMidCycleItCostsItsOwnSamplesOfThatCycleAlone() async throws {
        try dropIn()
        try dropIn("slow", poll: "time.sleep(0.4)")
        let agent = try agent()
        try await agent.wait { $0.of("slow.meter").count >= 2 }
        // It reports its number; it is most likely asleep in a poll.
        let pid = Int32(try #require(agent.readings().of("slow.meter").last).volume)
        kill(pid, SIGKILL)
        try await agent.wait { readings in readings.of("slow.meter").filter { Int32($0.volume) != pid }.count >= 3 }
        let readings = try agent.readings()
        #expect(readings.of("slow.meter").longestGap < 2.9)
        #expect(readings.of("host.uptime").longestGap < 1.9 && readings.of("cpu").longestGap < 1.9)
        #expect(errors(agent).count == 1)
    }

    @Test func oneThatNeverWorksIsSaidOnceAndHoldsNobodyUp() async throws {
        try dropIn()
        try dropIn("bad", poll: "os.abort()")
        let agent = try agent(meters: "*")
        try await agent.wait { $0.of("host.uptime").count >= 4 }
        // Once for its pollster, and once more where it has failed often enough to be left alone.
        let said = errors(agent)
        #expect(said.count { $0.contains("pollster bad fails; trying again") } == 1, "\(agent.logText)")
        #expect(said.count { $0.contains("it is left alone for") } == said.count - 1, "\(agent.logText)")
        #expect(try agent.readings().of("cpu").longestGap < 1.9)
    }

    @Test func aMeterOfOneThatCouldNotBeLoadedKeepsNoAgentFromStarting() async throws {
        try directory.write("[plugin]\nversion = 1\n", to: "broken.entry_points")
        let agent = try RunningAgent(
            uri: "test:///default",
            polling: "sources: [{name: a, interval: 1, meters: [cpu, broken.meter]}]\n",
            settings: "plugin_dirs = \(directory.path)\n")
        try await agent.wait { $0.contains { $0.meter == "cpu" } }
        #expect(agent.logText.contains("no pollster here offers broken.meter; it is left out"))
        #expect(errors(agent).count == 2, "no protocol, no exec: \(agent.logText)")
    }

    @Test(arguments: [SIGTERM, SIGKILL]) func nothingIsLeftWhenTheAgentEnds(_ signal: Int32) async throws {
        try dropIn()
        let agent = try agent()
        try await agent.wait { $0.contains { $0.meter == "host.uptime" } }
        try #expect(running.count == 1)
        if signal == SIGTERM { #expect(agent.end().status == 0) } else { kill(agent.pid, SIGKILL) }
        while try !running.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
    }

    /// The program with an entry point of each kind, all of them in one cycle.
    private func once(publisher url: String) async throws -> Binary.Outcome {
        try directory.write(
            """
            [plugin]
            version = 1
            protocol = 1
            exec = example
            [ceilometer.poll.compute]
            echo = Echo
            [ceilometer.discover]
            pair = Pair
            [ceilometer.publisher]
            lines = Lines
            """, to: "example.entry_points")
        try FileManager.default.createSymbolicLink(
            atPath: directory("example"),
            withDestinationPath: Bundle.main.bundleURL.appending(path: "example-plugin").path)
        try directory.write(
            "sources: [{name: a, interval: 1, meters: [echo.*], discovery: ['pair://rack']}]", to: "polling.yaml")
        try directory.write(
            "sources: [{name: a, meters: ['*'], sinks: [s]}]\nsinks: [{name: s, publishers: ['\(url)']}]",
            to: "pipeline.yaml")
        try directory.write(
            "[DEFAULT]\nlibvirt_uri = test:///default\n[ceilometer.poll.compute.echo]\nvolume = 3\n", to: "a.conf")
        return try await Binary(
            arguments: ["--config-file", "a.conf", "--plugin-dir", ".", "--once"],
            folder: URL(filePath: directory.path)
        ).run()
    }

    @Test func whatAPluginsDiscoveryFindsItsPollsterPollsAndItsPublisherCarriesOut() async throws {
        let outcome = try await once(publisher: "lines://\(directory("out"))?prefix=>")
        #expect(outcome.status == 0)
        let lines = try directory.text("out").split(separator: "\n")
        #expect(
            lines.sorted() == [
                ">echo.polls 1 rack-1", ">echo.polls 1 rack-2", ">echo.volume 3.0 rack-1", ">echo.volume 3.0 rack-2",
            ])
    }

    @Test func aURLThatItsPublisherDoesNotTakeIsToldBeforeTheStart() async throws {
        let outcome = try await once(publisher: "lines://relative")
        #expect(outcome.status == 2)
        let mistakes = outcome.stderr.split(separator: "\n").filter { $0.hasPrefix("hypsometer-polling:") }
        #expect(
            mistakes == [
                "hypsometer-polling: ./pipeline.yaml:2: publisher lines://relative: refused by its plug-in: found "
                    + "\"relative\"; allowed: lines:///path/to/file"
            ])
    }

    @Test func itsOptionsAreNoMistakeAndThoseOfNobodyAreNamed() async throws {
        try dropIn()
        let agent = try agent(
            settings: "[ceilometer.poll.compute.host-uptime]\na = 1\n[ceilometer.poll.compute.host-uptme]\nb = 2\n")
        try await agent.wait { $0.contains { $0.meter == "host.uptime" } }
        #expect(agent.logText.contains("[ceilometer.poll.compute.host-uptme] b belongs to no plug-in that is loaded"))
        #expect(!agent.logText.contains("host-uptime] a"))
    }
}

extension [SampleReading] {
    fileprivate func of(_ meter: String) -> [SampleReading] { filter { $0.meter == meter } }
}
