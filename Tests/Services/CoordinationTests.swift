// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// Real agents that share work through a real etcd.
@Suite(.enabled(if: ServicesLab.unavailable == nil, Comment(rawValue: ServicesLab.unavailable ?? "")), .serialized)
struct CoordinationTests {
    private static let count = 1000
    private static let interval = 6

    private let directory: TemporaryDirectory
    private let url: String

    init() async throws {
        try await ServicesLab.shared.up("etcd")
        let address = try await ServicesLab.shared.environment()["OSLAB_ETCD_URL"]
        url = try #require(address).replacing("http://", with: "etcd3+http://")
        directory = try TemporaryDirectory()
        try directory.write(
            "[plugin]\nversion = 1\nprotocol = 1\nexec = echo\n[ceilometer.poll.central]\necho = Echo\none = One\n",
            to: "echo.entry_points")
        try directory.write(Self.plugin, to: "echo")
        chmod(directory("echo"), 0o755)
        try FileManager.default.createDirectory(atPath: directory("state"), withIntermediateDirectories: true)
    }

    /// A plug-in of the central namespace that gives one sample of each resource.
    private static let plugin = """
        #!/usr/bin/env python3
        import json, sys
        for line in sys.stdin:
            c = json.loads(line)
            if c["method"] == "start":
                result = {"protocol": 1, "entry_points": [{"namespace": "ceilometer.poll.central", "name": "echo",
                    "meters": [{"name": "echo.volume", "type": "gauge", "unit": ""}]},
                    {"namespace": "ceilometer.poll.central", "name": "one",
                    "meters": [{"name": "one.volume", "type": "gauge", "unit": ""}]}]}
            elif c["params"].get("name") == "one":
                result = {"samples": [{"name": "one.volume", "volume": 1, "resource_id": "san"}]}
            else:
                result = {"samples": [{"name": "echo.volume", "volume": 1, "resource_id": r["id"]}
                    for r in c["params"]["resources"]]}
            print(json.dumps({"jsonrpc": "2.0", "id": c["id"], "result": result}), flush=True)

        """

    private static let divided = """
        sources:
          - {name: shared, interval: \(interval), meters: [echo.volume], resources: [\(
            (0..<count).map { "r-\($0)" }.joined(separator: ", "))]}

        """

    private func agent(_ polling: String = CoordinationTests.divided, host: String = "") throws -> RunningAgent {
        let settings = """
            plugin_dirs = \(directory.path)
            state_dir = \(directory.path)/state
            polling_namespaces = central
            host = \(host)
            [polling]
            jitter = 0
            partitioning_group_prefix = \(directory.path.split(separator: "/").last ?? "")
            [coordination]
            backend_url = \(url)
            lease_seconds = 3

            """
        return try RunningAgent(uri: "test:///default", polling: polling, settings: settings)
    }

    /// How often each resource was polled in a stretch of time.
    private func counts(_ agents: [RunningAgent], from: Date, to: Date) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for agent in agents {
            for reading in try agent.readings() where from <= reading.time && reading.time < to {
                counts[reading.resource, default: 0] += 1
            }
        }
        return counts
    }

    private func waitUntilAllKnow(_ agents: [RunningAgent], _ members: Int) async throws {
        /// How many it has told of last.
        func last(_ agent: RunningAgent) -> Int {
            let lines = agent.logText.split(separator: "\n")
            guard let line = lines.last(where: { $0.contains("agents that share work have changed") }),
                let mark = line.firstRange(of: "agents=")
            else { return 0 }
            let list = line[mark.upperBound...].prefix { $0 != "=" }
            return list.split(separator: ",").count
        }
        while !agents.allSatisfy({ last($0) == members }) { try await Task.sleep(for: .milliseconds(100)) }
    }

    /// An instant as far as can be from those at which the agents begin their cycles: what is counted between two of
    /// them, whole intervals apart, has each cycle once.
    private func calmInstant(_ agents: [RunningAgent]) throws -> Date {
        let interval = Double(Self.interval)
        let phases = try agents.map { agent in
            let time = try #require(try agent.readings().last?.time)
            return time.timeIntervalSinceReferenceDate.truncatingRemainder(dividingBy: interval)
        }.sorted()
        let gaps = zip(phases, phases.dropFirst() + [phases[0] + interval]).map { ($1 - $0, $0 + ($1 - $0) / 2) }
        let best = try #require(gaps.max { $0.0 < $1.0 }).1
        let now = Date().timeIntervalSinceReferenceDate
        let next = (now - best) / interval
        return Date(timeIntervalSinceReferenceDate: best + next.rounded(.up) * interval)
    }

    private func sleep(until instant: Date) async throws {
        try await Task.sleep(for: .seconds(max(0, instant.timeIntervalSinceNow)))
    }

    @Test(.timeLimit(.minutes(5))) func threeAgentsPollEachResourceOnceAndTwoGoOnForADeadOne() async throws {
        let agents = [try agent(), try agent(), try agent()]
        try await waitUntilAllKnow(agents, 3)
        for agent in agents { try await agent.wait { !$0.isEmpty } }
        let interval = Double(Self.interval)
        // The cycles that began before all knew of each other are over by then.
        let start = try calmInstant(agents) + interval
        let death = start + 3 * interval
        try await sleep(until: death)
        agents[2].signal(SIGKILL)
        let all = try counts(agents, from: start, to: death)
        #expect(all.count == Self.count)
        #expect(all.values.allSatisfy { $0 == 3 }, "polled \(Set(all.values).sorted()) times in three intervals")

        try await sleep(until: death + 3 * interval + 1)
        let after = try counts(agents, from: death, to: death + 3 * interval)
        #expect(after.count == Self.count)
        #expect(after.values.allSatisfy { (2...4).contains($0) }, "polled \(Set(after.values).sorted()) times")
        #expect(after.values.contains(3))
    }

    @Test(.timeLimit(.minutes(5))) func withoutEtcdNothingSharedIsPolledAndThatIsSaidOnce() async throws {
        let agent = try agent()
        try await agent.wait { $0.count >= Self.count }
        try await ServicesLab.shared.down("etcd")
        while !agent.logText.contains("sharing work fails") { try await Task.sleep(for: .milliseconds(100)) }
        try await Task.sleep(for: .seconds(4))  // its lease ends
        let before = try agent.readings().count
        try await Task.sleep(for: .seconds(Double(Self.interval) + 2))
        #expect(try agent.readings().count == before)
        try await ServicesLab.shared.up("etcd")
        try await agent.wait { $0.count > before }
        let lines = agent.logText.split(separator: "\n")
        #expect(lines.count { $0.contains(" error ") && $0.contains("sharing work fails") } == 1)
        #expect(lines.count { $0.contains("sharing work works again") } == 1)
    }

    /// A source whose pollster gives one sample, of a resource of its own.
    private static func grouped(_ expression: String) -> String {
        "sources:\n- {name: san, interval: 1, meters: [one.volume], group_id_coordination_expression: \(expression)}\n"
    }

    @Test(.timeLimit(.minutes(5))) func agentsOfASourcesGroupHaveItsPollstersAmongThem() async throws {
        // Two of one rack, one of another: each rack polls once.
        let hosts = ["rack1-a", "rack1-b", "rack2-a"]
        let agents = try hosts.map { try agent(Self.grouped("\"host.split('-')[0]\""), host: $0) }
        try await waitUntilAllKnow(agents, 3)
        func groups(_ agent: RunningAgent) -> Bool { agent.logText.contains("share a source's pollsters have changed") }
        while !agents.allSatisfy(groups) { try await Task.sleep(for: .milliseconds(100)) }
        try await Task.sleep(for: .seconds(4))  // until each has seen the others of its group
        let (from, to) = (Date().addingTimeInterval(-1), Date().addingTimeInterval(5))
        try await sleep(until: to.addingTimeInterval(2))
        let polls = try agents.map { agent in
            try agent.readings().count { from <= $0.time && $0.time < to && $0.meter == "one.volume" }
        }
        #expect(polls[0] == 0 || polls[1] == 0, "\(polls)")
        #expect((5...7).contains(polls[0] + polls[1]) && (5...7).contains(polls[2]), "\(polls)")

        // The one that is left of a rack takes over; a reload takes an agent out of its group.
        let (dead, heir) = polls[0] > 0 ? (agents[0], agents[1]) : (agents[1], agents[0])
        dead.signal(SIGKILL)
        let before = try heir.readings().count
        try await heir.wait { $0.count > before + 2 }
        try agents[2].writePolling(Self.grouped("\"'rack1'\""))
        agents[2].signal(SIGHUP)
        while !agents[2].logText.contains("group=san-rack1") { try await Task.sleep(for: .milliseconds(100)) }
    }
}
