// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Foundation
import TestSupport
import Testing

/// `hypsometer audit` and `hypsometer model` with plug-ins, as an operator starts them.
@Suite(.timeLimit(.minutes(3))) struct AuditPluginTests {
    private let directory: TemporaryDirectory
    private let cluster = AuditCommandTests.root.appending(path: "Examples/what-if/cluster.json").path

    init() throws { directory = try TemporaryDirectory() }

    /// Puts in the program with an entry point of each kind.
    private func installExample() throws {
        try directory.write(
            """
            [plugin]
            version = 1.0.0
            protocol = 1
            exec = example
            [watcher_goals]
            drained = DrainStrategy
            [watcher_strategies]
            drain = DrainStrategy
            [watcher_planners]
            last_first = LastFirstPlanner
            [watcher_scoring_engines]
            length = LengthScorer
            [watcher_cluster_data_model_collectors]
            tally = TallyCollector
            """, to: "example.entry_points")
        try FileManager.default.createSymbolicLink(
            atPath: directory("example"),
            withDestinationPath: Bundle.main.bundleURL.appending(path: "example-plugin").path)
    }

    /// Puts in a strategy in Python.
    private func installScript(
        _ name: String, strategy: String = "{'goal': 'dummy', 'models': ['compute']}", _ execute: String
    ) throws {
        try directory.write(
            "[plugin]\nversion = 1\nprotocol = 1\nexec = \(name)\n[watcher_strategies]\n\(name) = X\n",
            to: "\(name).entry_points")
        try directory.write(
            """
            #!/usr/bin/env python3
            import json, os, sys, time
            def answer(result):
                print(json.dumps({"jsonrpc": "2.0", "id": c["id"], "result": result}), flush=True)
            for line in sys.stdin:
                c = json.loads(line)
                if c["method"] == "start":
                    answer({"protocol": 1, "entry_points": [
                        {"namespace": e["namespace"], "name": e["name"], "strategy": \(strategy)}
                        for e in c["params"]["entry_points"]]})
                    continue
                \(execute)

            """, to: name)
        chmod(directory(name), 0o755)
    }

    private func hypsometer(
        _ arguments: [String], configuration: String = ""
    ) async throws -> (status: Int32, output: String, error: String) {
        let file = try directory.write(configuration, to: "h.conf")
        return try await onThread { [path = directory.path] in
            try Shell.run(
                Bundle.main.bundleURL.appending(path: "hypsometer").path,
                arguments + ["--config-file", file, "--plugin-dir", path])
        }
    }

    @Test func aGoalOfTheConfigurationIsServedByAPluginsStrategy() async throws {
        try installExample()
        let metrics = try directory.write(
            #"{"7d3b1c9e-0000-4000-8000-000000000000": {}}"#, to: "metrics.json")
        let outcome = try await hypsometer(
            [
                "audit", "run", "--goal", "MINIMIZE_ENERGY_CONSUMPTION", "--model", cluster, "--metrics", metrics,
                "--parameters", #"{"to": "rack1-a"}"#,
            ], configuration: "[watcher_goals]\ngoals = MINIMIZE_ENERGY_CONSUMPTION:drain\n")
        // Its other model comes from a plug-in's collector, which files don't replace.
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.contains("Drain, goal drained: 0 actions"))
    }

    @Test func pluginsAreListedBesideOurs() async throws {
        try installExample()
        var outcome = try await hypsometer(["audit", "strategies"])
        #expect(outcome.output.contains("drain") && outcome.output.contains("workload_balance"))
        outcome = try await hypsometer(["audit", "strategies", "drain"])
        #expect(outcome.output.contains("needs model compute, tally; metrics instance_cpu_usage"))
        outcome = try await hypsometer(["audit", "score"])
        #expect(outcome.output.contains("length") && outcome.output.contains("dummy_scorer"))
        outcome = try await hypsometer(["audit", "score", "length", "--features", "12345"])
        #expect(outcome.output == "5\n")
        outcome = try await hypsometer(["plugin", "list"])
        #expect(outcome.output.contains("watcher_strategies drain"))
        outcome = try await hypsometer(["audit", "run", "--print-config"])
        #expect(outcome.output.contains("[watcher_cluster_data_model_collectors.tally]"))
        #expect(outcome.output.contains("#first = 0") && outcome.output.contains("#chained = false"))
    }

    @Test func aModelOfAPluginIsShownAndReplayed() async throws {
        try installExample()
        let configuration = "[watcher_cluster_data_model_collectors.tally]\nfirst = 4\nperiod = 60\n"
        var outcome = try await hypsometer(["model", "show", "tally"], configuration: configuration)
        #expect(outcome.output == "tally: 4\n" && outcome.status == 0, "\(outcome.error)")
        outcome = try await hypsometer(["model", "show", "tally", "--format", "json"], configuration: configuration)
        #expect(try JSONValue(parsing: outcome.output) == ["count": 4, "model": "Tally"])
        let events = try directory.write(
            #"[{"event_type": "tally.10", "publisher_id": "x", "payload": {"times": 2}}, {"event_type": "other", "publisher_id": "x", "payload": {}}]"#,
            to: "events.json")
        outcome = try await hypsometer(
            ["model", "replay", "--collector", "tally", "--notifications", events], configuration: configuration)
        #expect(outcome.output == "tally.10  model Tally: count 4 -> 24\n", "\(outcome.error)")
    }

    @Test func whatAnOperatorSetsForItIsChecked() async throws {
        try installExample()
        for (text, words) in [
            (
                "[watcher_cluster_data_model_collectors.tally]\nfrist = 4\n",
                "h.conf:2: [watcher_cluster_data_model_collectors.tally]: unknown"
            ),
            (
                "[watcher_cluster_data_model_collectors.tally]\nperiod = 0\n",
                "h.conf:2: [watcher_cluster_data_model_collectors.tally] period"
            ),
            ("[watcher_planners.last_first]\nchained = perhaps\n", "chained"),
            ("[watcher_strategies.drain]\nkinds = cold\n", "did you mean kind?"),
        ] {
            let outcome = try await hypsometer(["model", "show", "tally"], configuration: text)
            #expect(outcome.status == 2 && outcome.error.contains(words), "\(outcome.error)")
        }
    }

    @Test func whatGoesWrongInAPluginIsOneLine() async throws {
        try installScript("hangs", "time.sleep(60)")
        try installScript("crashes", "os._exit(3)")
        try installScript("babbles", "print('what?', flush=True)")
        try installScript(
            "invents",
            "answer({'actions': [{'action_type': 'migrate', 'resource_id': 'x', 'input_parameters': {'source': 'a'}}]})"
        )
        for (name, words) in [
            ("hangs", "plug-in hangs did not answer execute within 8 s"),
            ("crashes", "plug-in crashes ended with status 3"),
            ("babbles", "plug-in babbles sent a line that is no answer"),
            ("invents", "plug-in invents proposed what nobody can do: migrate: "),
        ] {
            let outcome = try await hypsometer(
                ["audit", "run", "--strategy", name, "--model", cluster],
                configuration: "[DEFAULT]\nplugin_timeout = \(name == "hangs" ? 8 : 60)\n")
            #expect(outcome.status == 1 && outcome.output.isEmpty)
            #expect(
                outcome.error.hasPrefix("hypsometer: \(name): ") && outcome.error.contains(words), "\(outcome.error)")
            #expect(outcome.error.split(separator: "\n").count == 1, "\(outcome.error)")
        }
    }

    @Test func strategiesForNoGoalAndOfTakenNamesAreLeftOut() async throws {
        try installScript("lost", strategy: "{'goal': 'server_consolidatoin'}", "pass")
        try installScript("basic", "pass")
        let outcome = try await hypsometer(["audit", "run", "--strategy", "dummy", "--model", cluster])
        #expect(outcome.status == 0)
        let lines = outcome.error.split(separator: "\n")
        #expect(lines.count == 2, "\(outcome.error)")
        #expect(outcome.error.contains("lost.entry_points:6: [watcher_strategies] lost: goal: unknown name"))
        #expect(outcome.error.contains("did you mean server_consolidation?"))
        #expect(
            outcome.error.contains("basic.entry_points:6: [watcher_strategies]: \"basic\", which comes with Hypsometer")
        )
    }
}
