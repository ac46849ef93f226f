// SPDX-License-Identifier: Apache-2.0
import Daemon
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Agent

/// `group_id_coordination_expression`: agents have a source's pollsters among them, not their resources.
@Suite(.timeLimit(.minutes(1))) struct SourceGroupTests {
    /// Has these pollsters in these groups, and nothing of what all share.
    private struct Share: WorkSharing {
        var names: Set<String>

        init(_ names: Set<String>) { self.names = names }

        func share(in groups: Set<String>) -> WorkShare {
            WorkShare({ _ in false }) { [names] in names.contains("\($1): \($0)") }
        }
    }

    private func files(_ source: String, _ options: String = "backend_url = etcd3+http://h\n") throws -> Operator {
        try Operator([
            "a.conf": "[coordination]\n\(options)",
            "polling.yaml": "sources:\n- name: san\n  interval: 60\n  meters: ['*']\n  \(source)\n",
        ])
    }

    private func groups(_ expression: String) throws -> Set<String> {
        try files("group_id_coordination_expression: \"\(expression)\"").load().plan.coordinationGroups
    }

    @Test func aGroupIsNamedByItsSourceAndWhatTheExpressionGives() throws {
        #expect(try groups("'x'") == ["san-x"])
        #expect(try groups("'rack-' + '7'") == ["san-rack-7"])
        #expect(try groups("host") == ["san-here"])
        #expect(try groups("self.conf.host") == ["san-here"])
        #expect(try groups("p.name + host[0:1]") == ["san-sanh"])
    }

    @Test(arguments: [
        ("socket.gethostname()", "polling.yaml:5: sources[0].group_id_coordination_expression"),
        ("self.conf.nothing", "polling.yaml:5: source \"san\", group_id_coordination_expression"),
    ])
    func whatCannotBeComputedIsAMistake(expression: String, words: String) throws {
        let mistakes = try files("group_id_coordination_expression: \"\(expression)\"").mistakes()
        #expect(mistakes.count == 1 && mistakes.first?.hasPrefix(words) == true, "\(mistakes)")
    }

    @Test func anExpressionWithoutEffectIsSaid() throws {
        let expression = "group_id_coordination_expression: \"'x'\""
        let alone = try files(expression, "")
        #expect(
            try alone.load().remarks == [
                "\(alone.directory("polling.yaml")):5: group_id_coordination_expression has no effect without "
                    + "[coordination] backend_url"
            ])
        let divided = try files("resources: [r-1]\n  \(expression)")
        let setup = try divided.load()
        #expect(setup.plan.coordinationGroups == [])
        #expect(setup.remarks.count == 1 && setup.remarks[0].contains("has no effect beside resources"))
    }

    @Test func aPollsterIsOneAgentsWithAllItsResources() async throws {
        func cycle(_ share: Share) async throws -> [String] {
            var setup = try files("group_id_coordination_expression: \"'x'\"").load()
            let discovery = DiscoveryRegistration(
                name: "local", namespaces: ["central"], discovery: TestDiscovery(["v-1", "v-2"]))
            setup.plugins.discoveries = [discovery]
            let runner = CycleRunner(
                setup: setup, pool: PollsterPool(), faults: FaultLog(log: LogMemory().logger), sharing: share)
            let group = try #require(setup.plan.groups.first)
            let delivered = Mutex<[String]>([])
            let cycle = PollingCycle(number: 1, deadline: .now + .seconds(60), meters: group.meters)
            _ = await runner.run(group, cycle) { samples in
                delivered.withLock { $0 += samples.map { "\($0.name) \($0.resourceID)" } }
            }
            return delivered.withLock { $0.sorted() }
        }
        #expect(try await cycle(Share(["san-x: volume"])) == ["volume.size v-1", "volume.size v-2"])
        #expect(
            try await cycle(Share(["san-x: cpu"])) == ["cpu v-1", "cpu v-2", "cpu_util v-1", "cpu_util v-2"])
        #expect(try await cycle(Share(["other: cpu"])) == [])
    }
}
