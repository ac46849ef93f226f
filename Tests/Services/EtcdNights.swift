// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

extension ServiceNights {
    /// Two agents that share work by a real etcd, one of them through a proxy; both poll domains of their own besides.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct EtcdNights {
        private static let count = 40
        private let directories: [TemporaryDirectory]
        private let plugins: TemporaryDirectory
        private let port: Int
        private let proxy: TroubledProxy

        init() async throws {
            try await ServicesLab.shared.up("etcd")
            let address = try await ServicesLab.shared.environment()["OSLAB_ETCD_URL"]
            port = try #require(URL(string: address ?? "")?.port)
            proxy = try TroubledProxy(to: port)
            directories = try [TemporaryDirectory(), TemporaryDirectory()]
            plugins = try TemporaryDirectory()
            try plugins.write(
                "[plugin]\nversion = 1\nprotocol = 1\nexec = echo\n[ceilometer.poll.central]\necho = Echo\n",
                to: "echo.entry_points")
            try plugins.write(Self.plugin, to: "echo")
            chmod(plugins("echo"), 0o755)
        }

        /// Gives one sample of each resource.
        private static let plugin = """
            #!/usr/bin/env python3
            import json, sys
            for line in sys.stdin:
                c = json.loads(line)
                if c["method"] == "start":
                    result = {"protocol": 1, "entry_points": [{"namespace": "ceilometer.poll.central", "name": "echo",
                        "meters": [{"name": "echo.volume", "type": "gauge", "unit": ""}]}]}
                else:
                    result = {"samples": [{"name": "echo.volume", "volume": 1, "resource_id": r["id"]}
                        for r in c["params"]["resources"]]}
                print(json.dumps({"jsonrpc": "2.0", "id": c["id"], "result": result}), flush=True)

            """

        private func agent(
            _ index: Int, port: Int, environment: [String: String] = [:]
        ) throws -> NightAgent {
            let resources = (0..<Self.count).map { "r-\($0)" }.joined(separator: ", ")
            let directory = directories[index]
            return try NightAgent(
                in: directory, publishers: ["file://\(directory("samples.jsonl"))"],
                polling: """
                    sources:
                      - {name: shared, interval: 2, meters: [echo.volume], resources: [\(resources)]}
                      - {name: own, interval: 2, meters: [cpu]}

                    """,
                settings: """
                    plugin_dirs = \(plugins.path)
                    polling_namespaces = compute,central
                    host = agent-\(index)
                    [coordination]
                    backend_url = etcd3+http://127.0.0.1:\(port)
                    lease_seconds = 3
                    [polling]
                    partitioning_group_prefix = \(plugins.path.split(separator: "/").last ?? "")
                    """, environment: environment)
        }

        private func readings(_ agent: NightAgent, _ meter: String) throws -> [SampleReading] {
            try ((try? agent.directory.text("samples.jsonl")) ?? "").split(separator: "\n").map {
                try SampleReading(line: Data($0.utf8))
            }.filter { $0.meter == meter }
        }

        /// How many agents it has told of last.
        private func members(_ agent: NightAgent) -> Int {
            guard let line = agent.lines("agents that share work have changed").last,
                let mark = line.firstRange(of: "agents=")
            else { return 0 }
            return line[mark.upperBound...].prefix { $0 != "=" }.split(separator: ",").count
        }

        /// Its own domains were read in every cycle.
        private func checkOwn(_ agent: NightAgent) throws {
            let times = Set(try readings(agent, "cpu").map(\.time)).sorted()
            let gaps = zip(times, times.dropFirst()).map { $1.timeIntervalSince($0) }
            #expect(!gaps.isEmpty && gaps.allSatisfy { $0 < 3 }, "\(gaps)")
        }

        private func reason(_ agent: NightAgent) -> String {
            let line = agent.lines("sharing work fails").first
            let error = line.flatMap { line in line.firstRange(of: "error=").map { line[$0.upperBound...] } } ?? ""
            return "`\(error.split(separator: " [Daemon]").first ?? "")`"
        }

        @Test(arguments: TroubledProxy.httpTroubles.indices) func ofOneAgentsWayToIt(_ index: Int) async throws {
            let (words, trouble) = TroubledProxy.httpTroubles[index]
            let (cut, other) = (try agent(0, port: proxy.port), try agent(1, port: port))
            try await cut.wait { members(cut) == 2 && members(other) == 2 }
            try await cut.wait { try !readings(cut, "echo.volume").isEmpty }
            var faults = 1
            if case .slow = trouble { faults = 0 }
            try proxy.begin(trouble)
            try await cut.waitForCycles(3)
            if faults == 1 {
                try await cut.wait { !cut.lines("sharing work fails").isEmpty }
                // The other one has all of it, once the lease is over, and this one none.
                try await other.wait { members(other) == 1 }
                let alone = Date().addingTimeInterval(2)
                try await other.wait {
                    let later = try readings(other, "echo.volume").filter { $0.time > alone }
                    return Set(later.map(\.resource)).count == Self.count
                }
                #expect(try readings(cut, "echo.volume").allSatisfy { $0.time < alone })
            }
            try proxy.begin(.none)
            try await cut.wait { members(cut) == 2 && members(other) == 2 }
            let healed = Date()
            try await cut.wait { try readings(cut, "echo.volume").contains { $0.time > healed } }
            for agent in [cut, other] {
                #expect(try await agent.end() == 0)
                try checkOwn(agent)
            }
            #expect(cut.lines("sharing work fails").count { $0.contains(" error ") } == faults)
            #expect(cut.lines("sharing work works again").count == faults)
            // That its lease is over it may say as well.
            let complaints = cut.complaints.filter { !$0.contains("the lease has expired") }
            #expect(complaints.count == faults, "\(cut.complaints)")
            #expect(other.complaints.isEmpty, "\(other.complaints)")
            try NightReport.add(
                "5 etcd \(index)", "etcd", words,
                faults == 0
                    ? "work stays divided; nothing is said"
                    : "the other agent polls what is shared, this one its own host: \(reason(cut))")
        }

        @Test func killedAndBack() async throws {
            let agents = [try agent(0, port: port), try agent(1, port: port)]
            for agent in agents { try await agent.wait { members(agent) == 2 } }
            for agent in agents { try await agent.waitForCycles(2) }
            let text = try String(contentsOfFile: "\(ServicesLab.shared.directory)/pid/etcd", encoding: .utf8)
            kill(try #require(text.split(separator: " ").first.flatMap { pid_t($0) }), SIGKILL)
            for agent in agents { try await agent.wait { !agent.lines("sharing work fails").isEmpty } }
            try await Task.sleep(for: .seconds(5))  // their leases end
            let before = try agents.map { try readings($0, "echo.volume").count }
            for agent in agents { try await agent.waitForCycles(2) }
            #expect(try agents.map { try readings($0, "echo.volume").count } == before)
            try await ServicesLab.shared.up("etcd")
            for agent in agents { try await agent.wait { !agent.lines("sharing work works again").isEmpty } }
            for (agent, before) in zip(agents, before) {
                try await agent.wait { try readings(agent, "echo.volume").count > before }
            }
            for agent in agents {
                #expect(try await agent.end() == 0)
                try checkOwn(agent)
                #expect(agent.lines("sharing work fails").count { $0.contains(" error ") } == 1)
                #expect(agent.lines("sharing work works again").count == 1)
            }
            try NightReport.add(
                "5 etcd a", "etcd", "killed, back after some seconds",
                "nothing shared is polled by anybody, hosts are by their agents: \(reason(agents[0]))")
        }

        @Test func absentAtStart() async throws {
            try proxy.begin(.absent)
            let agent = try agent(0, port: proxy.port)
            try await agent.waitForCycles(3)
            #expect(try readings(agent, "echo.volume").isEmpty)
            try proxy.begin(.none)
            try await agent.wait { try Set(readings(agent, "echo.volume").map(\.resource)).count == Self.count }
            #expect(try await agent.end() == 0)
            try checkOwn(agent)
            #expect(agent.complaints.count == 1, "\(agent.complaints)")
            try NightReport.add(
                "5 etcd b", "etcd", "absent at start", "nothing shared is polled, its own host is: \(reason(agent))")
        }

        @Test(
            .enabled(if: MovedClock.unavailable == nil, Comment(rawValue: MovedClock.unavailable ?? "")),
            arguments: [86_400, -86_400] as [Int64])
        func ofAnAgentsClock(_ seconds: Int64) async throws {
            let clock = try MovedClock(in: plugins)
            let agents = [
                try agent(0, port: port, environment: clock.environment), try agent(1, port: port),
            ]
            for agent in agents { try await agent.wait { members(agent) == 2 } }
            let before = try agents.map { try readings($0, "echo.volume").count }
            clock.set(seconds)
            for agent in agents { try await agent.waitForCycles(4) }
            clock.set(0)
            for (agent, before) in zip(agents, before) {
                #expect(try readings(agent, "echo.volume").count > before)
                #expect(try await agent.end() == 0)
                #expect(agent.complaints.isEmpty, "\(agent.complaints)")
                #expect(agent.lines("sharing work").isEmpty)
            }
            try NightReport.add(
                "7 clock 5\(seconds)", "clock of one of two agents that share work",
                seconds > 0 ? "a day forward" : "a day back", "work stays divided; nothing is said")
        }
    }
}
