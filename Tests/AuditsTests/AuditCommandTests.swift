// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Foundation
import TestSupport
import Testing

/// `hypsometer audit` as an operator starts it.
@Suite struct AuditCommandTests {
    private let directory: TemporaryDirectory
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let example = root.appending(path: "Examples/what-if")
    private let cluster = example.appending(path: "cluster.json").path
    private let metrics = example.appending(path: "metrics.json").path

    init() throws { directory = try TemporaryDirectory() }

    /// With no configuration but what is named.
    private func audit(_ arguments: String...) async throws -> (status: Int32, output: String, error: String) {
        let configuration =
            arguments.contains("--config-file") ? [] : ["--config-file", try directory.write("", to: "empty.conf")]
        return try await onThread {
            try Shell.run(
                Bundle.main.bundleURL.appending(path: "hypsometer").path, ["audit"] + arguments + configuration)
        }
    }

    @Test func theExampleShowsWhatEachGoalWouldDo() async throws {
        let outcome = try await audit(
            "run", "--model", cluster, "--metrics", metrics, "--goal", "server_consolidation", "--explain")
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        #expect(outcome.output.contains("live rack2-b -> rack2-a"))
        #expect(outcome.output.contains("released_compute_nodes_count  2"))
        #expect(outcome.output.contains("instance  old-intranet  rejected  it is stopped"))
        for line in ["instance  queue", "node      rack2-b", "instance  shop-db"] {
            #expect(outcome.output.split(separator: "\n").count { $0.hasPrefix(line) } == 1, "\(outcome.output)")
        }
    }

    @Test func programsReadTheSameAsJSON() async throws {
        let outcome = try await audit(
            "run", "--model", cluster, "--metrics", metrics, "--strategy", "workload_balance", "--format", "json",
            "--parameters", #"{"threshold": 30}"#)
        let json = try JSONValue(parsing: outcome.output)
        #expect(json["actions"]?.array?.map { $0["action_type"] } == ["migrate"])
        #expect(json["parameters"]?["threshold"] == 30)
    }

    @Test func thePageTellsWhyEachActionIsWanted() async throws {
        let outcome = try await audit(
            "run", "--model", cluster, "--metrics", metrics, "--strategy", "basic", "--format", "html")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("<strong>8 actions</strong>"))
        let rows = outcome.output.split(separator: "\n").filter { $0.contains("<tr><td>") }
        #expect(rows.count == 8)
        // Number, action, subject, details, why, after.
        for row in rows {
            let cells = row.split(separator: "</td><td", omittingEmptySubsequences: false)
            #expect(cells.count == 6 && (cells.dropFirst(4).first?.count ?? 0) > 10, "\(row)")
        }
    }

    @Test func aScopeKeepsNodesAndInstancesOutOfIt() async throws {
        let outcome = try await audit(
            "run", "--model", cluster, "--metrics", metrics, "--strategy", "basic", "--scope",
            #"[{"compute": [{"exclude": [{"compute_nodes": [{"name": "rack2-b"}]}]}]}]"#)
        #expect(outcome.status == 0)
        #expect(!outcome.output.contains("rack2-b") && outcome.output.contains("compute_nodes_count           5"))
    }

    @Test func zonesNeedWhatNovaSaysOfThem() async throws {
        let scope = #"[{"compute": [{"availability_zones": [{"name": "left"}]}]}]"#
        var outcome = try await audit(
            "run", "--model", cluster, "--metrics", metrics, "--strategy", "basic", "--scope", scope)
        #expect(outcome.status == 2 && outcome.error.contains("--scope: the scope names host_aggregates or"))
        let groups = try directory.write(
            #"{"services": [{"host": "rack1-a", "zone": "left"}, {"host": "rack1-b", "zone": "left"}]}"#, to: "g.json")
        outcome = try await audit(
            "run", "--model", cluster, "--metrics", metrics, "--strategy", "basic", "--scope", scope, "--groups", groups
        )
        #expect(outcome.status == 0 && outcome.output.contains("compute_nodes_count           2"))
    }

    @Test func whatWasNotMeasuredIsSaid() async throws {
        let outcome = try await audit("run", "--model", cluster, "--strategy", "workload_balance")
        #expect(outcome.output.contains("Note: no instance_cpu_usage of the last 300 s for 20 of 20 instances"))
    }

    @Test func namesThatNobodyKnowsGetNearOnes() async throws {
        let configuration = try directory.write("[watcher_goals]\ngoals = BALANCE_LOAD:basik\n", to: "h.conf")
        for (arguments, message) in [
            (["--strategy", "workload_balanc"], "command line: --strategy: unknown name \"workload_balanc\""),
            (["--goal", "workload_balancin"], "did you mean workload_balancing?"),
            (["--goal", "dummy", "--config-file", configuration], "h.conf:2: [watcher_goals] goals: unknown name"),
            (["--strategy", "dummy", "--parameters", #"{"para1": 20}"#], "parameter para1 is 20; allowed: a number"),
            (["--strategy", "dummy", "--parameters", "p.json"], "p.json: cannot be read"),
        ] {
            let all = ["run", "--model", cluster] + arguments
            let outcome = try await onThread { [path = directory.path] in
                try Shell.run(
                    Bundle.main.bundleURL.appending(path: "hypsometer").path, ["audit"] + all,
                    environment: ["HOME": path])
            }
            #expect(outcome.status == 2 && outcome.output.isEmpty)
            #expect(outcome.error.contains(message), "\(outcome.error)")
            #expect(outcome.error.split(separator: "\n").count == 1)
        }
    }

    @Test func aStrategyThatFindsItCanProposeNothingEndsWithOne() async throws {
        let outcome = try await audit(
            "run", "--model", cluster, "--strategy", "host_maintenance", "--parameters", #"{"maintenance_node": "x"}"#)
        #expect(outcome.status == 1)
        #expect(outcome.error == "hypsometer: host_maintenance: The compute node x could not be found\n")
    }

    @Test func everySettingIsInTheSampleFile() async throws {
        let outcome = try await audit("run", "--print-config")
        let sample = Self.root.appending(path: "conf/audit.conf")
        #expect(outcome.status == 0)
        #expect(outcome.output == (try String(contentsOf: sample, encoding: .utf8)))
        let again = try await audit("strategies", "--config-file", sample.path)
        #expect(again.status == 0 && again.error.isEmpty)
    }

    @Test func theDocumentTellsWhatStrategiesTake() async throws {
        let document = try String(contentsOf: Self.root.appending(path: "docs/strategies.md"), encoding: .utf8)
        let outcome = try await audit("strategies", "--format", "markdown")
        #expect(
            document.hasSuffix(outcome.output),
            "after its last heading docs/strategies.md holds what 'hypsometer audit strategies --format markdown' prints"
        )
    }
}
