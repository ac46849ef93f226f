// SPDX-License-Identifier: Apache-2.0
import Foundation
import HypsometerKit
import Logging
import PluginHost
import Settings
import TestSupport

/// A directory of plug-ins, and a host that runs them.
final class Bench: Sendable {
    /// The program with an entry point of each kind, in the build folder.
    static let example = Bundle.main.bundleURL.appending(path: "example-plugin").path
    static let deciding = """
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
        """
    static let exampleEntries = """
        [ceilometer.poll.compute]
        echo = EchoPollster
        [ceilometer.discover]
        pair = PairDiscovery
        [ceilometer.publisher]
        lines = LinePublisher
        """

    let directory: TemporaryDirectory
    let log = LogMemory()
    let host: PluginSupervisor

    init(_ policy: RestartPolicy = RestartPolicy()) throws {
        directory = try TemporaryDirectory()
        host = PluginSupervisor(service: "test", policy: policy, isReporting: true, log: log.logger)
    }

    deinit { host.stop() }

    /// Writes both files of a plug-in.
    ///
    /// - Parameter script: the program's text; nil for the one with an entry point of each kind.
    func install(
        _ name: String, _ script: String? = nil, entries: String = "[ceilometer.poll.compute]\nload = Load\n",
        protocol version: Int = 1
    ) throws {
        let manifest = "[plugin]\nversion = 1.0.0\nprotocol = \(version)\nexec = \(name)\n\(entries)\n"
        try directory.write(manifest, to: "\(name).entry_points")
        if let script {
            try directory.write(script, to: name)
            chmod(directory(name), 0o755)
        } else {
            try FileManager.default.createSymbolicLink(atPath: directory(name), withDestinationPath: Self.example)
        }
    }

    func request(
        _ configuration: String = "", timeout: Duration = .seconds(60), shared: [String: [String: String]] = [:]
    ) throws -> PluginSupervisor.Request {
        let configuration = Configuration(
            documents: [try INIDocument(path: "a.conf", text: configuration)], environment: [:],
            overrides: ["DEFAULT": ["plugin_dirs": directory.path, "state_dir": directory.path]])
        var settings = try PluginSettings(configuration)
        settings.timeout = timeout
        return PluginSupervisor.Request(
            settings: settings, hostName: "compute-1", shared: shared, configuration: configuration,
            namespaces: Set(PluginNamespaces.all),
            pollingNamespaces: ["central", "compute", "ipmi"])
    }

    /// Off the test's thread, as starting blocks.
    func load(
        _ configuration: String = "", timeout: Duration = .seconds(60), shared: [String: [String: String]] = [:]
    ) async throws -> LoadedPlugins {
        let request = try request(configuration, timeout: timeout, shared: shared)
        return try await Task.offPool { [host] in try host.load(request) }
    }

    func stop() async throws { try await Task.offPool { [host] in host.stop() } }

    /// What an operator reads as errors, with the directory left out.
    var errors: [String] {
        log.lines.filter { $0.hasPrefix("error") }.map { $0.replacing(directory.path + "/", with: "") }
    }

    /// The processes that were started from the directory and are still there: number and command line.
    var left: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.filter { number in
                let environment = (try? Data(contentsOf: URL(filePath: "/proc/\(number)/environ"))) ?? Data()
                let command = (try? Data(contentsOf: URL(filePath: "/proc/\(number)/cmdline"))) ?? Data()
                return environment.split(separator: 0).contains { $0.starts(with: Data("HYPSOMETER_PLUGIN=".utf8)) }
                    && String(decoding: command, as: UTF8.self).contains(directory.path)
            }
        }
    }
}

extension Task where Success == Never, Failure == Never {
    /// Runs what blocks on a thread that is not one of Swift's own few.
    static func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// Plug-ins in Python that are well for the most part.
enum Script {
    /// A plug-in that answers start well, and else does as told.
    ///
    /// - Parameter poll: Python statements for a call `c`, with `say(text)` for a line and `answer(result)`.
    static func polling(_ poll: String, before: String = "") -> String {
        """
        #!/usr/bin/env python3
        import json, os, signal, subprocess, sys, time
        def say(text):
            sys.stdout.write(text)
            sys.stdout.flush()
        def answer(result):
            say(json.dumps({"jsonrpc": "2.0", "id": c["id"], "result": result}) + "\\n")
        \(before)
        for line in sys.stdin:
            c = json.loads(line)
            if c["method"] == "start":
                answer({"protocol": 1, "entry_points": [
                    {"namespace": e["namespace"], "name": e["name"],
                     "meters": [{"name": "host.load", "type": "gauge", "unit": ""}]}
                    for e in c["params"]["entry_points"]]})
                continue
        \(poll.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))

        """
    }

    /// A plug-in with the strategy `bad`, which answers start with `strategy` and execute as told.
    static func deciding(_ execute: String, strategy: String = "{'goal': 'dummy', 'models': ['compute']}") -> String {
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

        """
    }

    static let good = polling(
        "answer({'samples': [{'name': 'host.load', 'volume': 0.5, 'resource_id': 'compute-1'}]})")
}
