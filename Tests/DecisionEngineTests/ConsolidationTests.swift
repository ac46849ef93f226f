// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import DecisionEngine
import Optimization
import Testing

@Suite struct ConsolidationTests {
    private var cluster = Cluster(["a": ["a1", "a2", "a3"], "b": ["b1"], "c": []])

    @Test mutating func basicEmptiesTheLeastLoadedNodeAndDisablesIt() async throws {
        cluster.measure("host_cpu_usage", ["a": 60, "b": 10])
        let solution = try await cluster.solve(BasicConsolidation())
        #expect(solution.lines == ["live b1: b -> a", "disabled b"])
        #expect(solution.figure("released_compute_nodes_count") == 1)
        #expect(try solution.model?.node(ofInstance: "b1").hostname == "a")
    }

    @Test mutating func basicLeavesWhatTheScopeExcludes() async throws {
        cluster.measure("host_cpu_usage", ["a": 60, "b": 10])
        try cluster.change("b1") { $0.isExcluded = true }
        for name in ["a1", "a2", "a3"] { try cluster.change(name) { $0.isExcluded = true } }
        #expect(try await cluster.solve(BasicConsolidation()).actions.isEmpty)
    }

    @Test mutating func basicMovesOnlyWhatWantsToBeOptimizedWhereMetadataCount() async throws {
        cluster.measure("host_cpu_usage", ["a": 60, "b": 10])
        let heeding: JSONObject = ["check_optimize_metadata": true]
        try cluster.change("b1") { $0.metadata = ["other": "yes"] }
        #expect(try await cluster.solve(BasicConsolidation(), options: heeding).actions.isEmpty)
        try cluster.change("b1") { $0.metadata = ["optimize": " Yes "] }
        let lines = try await cluster.solve(BasicConsolidation(), options: heeding).lines
        #expect(lines == ["live b1: b -> a", "disabled b"])
    }

    @Test mutating func busyNodesAreFilledAndTheEmptyOnesDisabled() async throws {
        cluster.measure("instance_cpu_usage", ["a1": 50, "a2": 50, "a3": 50, "b1": 50])
        let solution = try await cluster.solve(VMWorkloadConsolidation())
        #expect(solution.lines == ["live b1: b -> a", "disabled b", "disabled c"])
        #expect(solution.figure("compute_nodes_count") == 3)
    }

    @Test mutating func anOverloadedNodeIsRelieved() async throws {
        // 17 processors of load on 16, in instances of which the first to go are the least busy.
        for (name, vcpus) in [("a1", 8), ("a2", 8), ("a3", 1)] { try cluster.change(name) { $0.vcpus = vcpus } }
        cluster.measure("instance_cpu_usage", ["a1": 100, "a2": 100, "a3": 100, "b1": 100])
        let solution = try await cluster.solve(VMWorkloadConsolidation())
        #expect(solution.lines.first == "live a3: a -> b")
    }

    @Test mutating func instancesThatStandStillAreMovedCold() async throws {
        try cluster.change("b1") { $0.state = .stopped }
        let solution = try await cluster.solve(VMWorkloadConsolidation())
        #expect(solution.lines.first == "cold b1: b -> a")
    }

    @Test func nodesArePromisedFewerProcessorsAtATime() async throws {
        let solution = try await cluster.solve(NodeResourceConsolidation(), ["host_choice": "specify"])
        #expect(solution.lines == ["live b1: b -> a"])
        let automatic = try await cluster.solve(NodeResourceConsolidation())
        #expect(
            automatic.lines == ["disabled c", "disabled b", "live b1: b -> ", "enabled c", "enabled b"])
    }

    @Test mutating func whyAnInstanceStaysIsToldWhenAsked() async throws {
        cluster.measure("host_cpu_usage", ["a": 60, "b": 10])
        for name in ["a1", "a2", "a3", "b1"] { try cluster.change(name) { $0.memory = 20000 } }
        let solution = try await cluster.solve(BasicConsolidation(), isExplaining: true)
        #expect(solution.actions.isEmpty)
        #expect(
            solution.explanations.contains {
                $0.subject.id == "b1" && $0.verdict == .rejected && $0.reason == "no room for it on 1 other nodes"
            })
        #expect(try await cluster.solve(BasicConsolidation()).explanations.isEmpty)
    }
}
