// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Foundation
import TestSupport
import Testing

/// The same measures in each datasource: the real collector, a real Prometheus, a file.
@Suite(.timeLimit(.minutes(3))) struct DatasourceTests {
    private let directory: TemporaryDirectory
    private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
    private static let prometheus = "/usr/bin/prometheus"

    /// How busy each instance is, in percent of its two virtual CPUs.
    private let loads = [("i1", 75.0), ("i2", 25.0), ("i3", 0.0)]
    private let now = Int(Date.now.timeIntervalSince1970)

    init() throws { directory = try TemporaryDirectory() }

    private var uuids: [String] { (1...3).map { "d0000000-0000-4000-8000-00000000000\($0)" } }

    /// Two nodes with four processors, two instances on the first.
    private func model() throws -> String {
        var model = ModelRoot()
        for (number, host) in ["h1", "h2"].enumerated() {
            var node = ComputeNode(uuid: "node-\(host)")
            (node.hostname, node.vcpus, node.memory, node.disk) = (host, 4, 8192, 100)
            let place = model.add(node)
            for uuid in number == 0 ? uuids[0...1] : uuids[2...2] {
                var instance = Instance(uuid: uuid)
                (instance.name, instance.vcpus, instance.memory, instance.disk) = ("vm-\(uuid.suffix(1))", 2, 1024, 10)
                instance.state = .active
                model.map(model.add(instance), to: place)
            }
        }
        return try directory.write(model.text, to: "model.json")
    }

    private func audit(_ configuration: String, _ arguments: String...) async throws -> (
        status: Int32, output: String, error: String
    ) {
        let file = try directory.write(configuration, to: "h.conf")
        let model = try model()
        return try await onThread {
            try Shell.run(
                Self.binary, ["audit", "run", "--config-file", file, "--model", model] + arguments)
        }
    }

    /// Nanoseconds of CPU time at each minute of the last ten, by instance.
    private var counters: [(uuid: String, time: Int, value: Int)] {
        zip(uuids, loads).flatMap { uuid, load in
            (0...10).map { minute in (uuid, now - 600 + minute * 60, minute * 60 * Int(load.1 * 2 / 100 * 1e9)) }
        }
    }

    private func started() throws -> CollectorProcess {
        let collector = try CollectorProcess(Self.binary, folder: directory.path)
        let samples = counters.map { sample in
            """
            {"id": "\(UUID().uuidString.lowercased())", "name": "cpu", "type": "cumulative", "unit": "ns", \
            "volume": \(sample.value), "resource_id": "\(sample.uuid)", "project_id": null, "user_id": null, \
            "timestamp": "\(Date(timeIntervalSince1970: Double(sample.time)).ISO8601Format().dropLast())", \
            "resource_metadata": {}, "source": "openstack"}
            """
        }
        let reply = try HTTPClient(port: collector.port).send(
            "POST", "/v1/samples", body: Array("[\(samples.joined(separator: ","))]".utf8))
        #expect(reply.status == 200, "\(reply.text)")
        return collector
    }

    private func plan(_ text: String) throws -> JSONValue {
        let report = try JSONValue(parsing: text)
        return try #require(report["actions"])
    }

    @Test func measuresOfTheCollectorGiveThePlanOfTheFile() async throws {
        let metrics = try directory.write(
            "{\(zip(uuids, loads).map { "\"\($0)\": {\"instance_cpu_usage\": \($1.1)}" }.joined(separator: ", "))}",
            to: "metrics.json")
        let file = try await audit("", "--metrics", metrics, "--strategy", "workload_balance", "--format", "json")
        let wanted = try plan(file.output)
        #expect(wanted.array?.map { $0["input_parameters"]?["resource_id"]?.string } == [uuids[1]])

        let collector = try await onThread { try started() }
        let configuration = "[watcher_datasources.hypsometer]\nurl = http://127.0.0.1:\(collector.port)\n"
        let asked = try await audit(configuration, "--strategy", "workload_balance", "--format", "json")
        #expect(try plan(asked.output) == wanted, "\(asked.error)")
        #expect(try JSONValue(parsing: asked.output)["datasource"] == "hypsometer")

        let page = try await audit(configuration, "--strategy", "workload_balance", "--format", "html", "--explain")
        #expect(page.output.hasPrefix("<!DOCTYPE html>") && page.output.contains("prefers-color-scheme:dark"))
        // Measured: 2 of 4 processors before, 1.5 after.
        #expect(page.output.contains(">50 % → 37.5 %</span>") && page.output.contains("2 → 1"), "\(page.output)")

        let list = try await onThread {
            try Shell.run(Self.binary, ["audit", "list", "--config-file", directory("h.conf")])
        }
        #expect(list.output.contains("nobody makes compute"), "\(list.error)")
        collector.signal(SIGTERM)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: prometheus), "there is no Prometheus"))
    func measuresOfPrometheusGiveTheSamePlan() async throws {
        var lines = ["# TYPE ceilometer_cpu gauge"]
        lines += counters.map { "ceilometer_cpu{resource=\"\($0.uuid)\"} \($0.value) \($0.time)" }
        let text = try directory.write((lines + ["# EOF", ""]).joined(separator: "\n"), to: "samples.om")
        let configuration = try directory.write("{}\n", to: "prometheus.yml")
        let port = Int(try LoopbackAddress.freePort())
        let server = try await onThread { [directory] in
            let made = try Shell.run(
                "/usr/bin/promtool", ["tsdb", "create-blocks-from", "openmetrics", text, directory("data")])
            #expect(made.status == 0, "\(made.error)")
            let server = try ChildProcess(
                Self.prometheus,
                [
                    "--config.file=\(configuration)", "--storage.tsdb.path=\(directory("data"))",
                    "--web.listen-address=127.0.0.1:\(port)",
                ])
            let deadline = ContinuousClock.now + .seconds(60)
            while (try? HTTPClient(port: port).send("GET", "/-/ready"))?.status != 200 {
                guard ContinuousClock.now < deadline else {
                    throw ShellError(command: "prometheus", reason: "not ready")
                }
                usleep(50_000)
            }
            return server
        }
        let asked = try await audit(
            "[watcher_datasources.prometheus]\nurl = http://127.0.0.1:\(port)\n", "--strategy", "workload_balance",
            "--format", "json")
        #expect(
            try plan(asked.output).array?.map { $0["input_parameters"]?["resource_id"]?.string } == [uuids[1]],
            "\(asked.error)")
        server.signal(SIGTERM)
        _ = try await onThread { server.status(within: .seconds(10)) }
    }

    @Test func whatCannotBeAskedIsOneLine() async throws {
        for (configuration, words) in [
            (
                "[watcher_datasources.hypsometer]\nurl = http://127.0.0.1:1\n",
                "datasource hypsometer: GET http://127.0.0.1:1/v1/measures"
            ),
            (
                "[watcher_datasources]\ndatasources = hypsometr\n",
                "h.conf:2: [watcher_datasources] datasources: unknown name \"hypsometr\""
            ),
            ("[watcher_datasources.prometheus]\nurl = localhost\n", "allowed: http://host[:port][/path]"),
        ] {
            let outcome = try await audit(configuration, "--strategy", "workload_balance")
            #expect(outcome.status != 0 && outcome.error.contains(words), "\(outcome.error)")
            #expect(outcome.error.split(separator: "\n").count == 1, "\(outcome.error)")
        }
        let outcome = try await audit(
            "[watcher_datasources.hypsometer]\nurl = http://127.0.0.1:1\n"
                + "[watcher_decision_engine]\nmetric_map_path = \(try directory.write("hypsometer: {instance_cpu_usage: null}\n", to: "map.yaml"))\n",
            "--strategy", "workload_balance")
        #expect(outcome.error.contains("hypsometer has no instance_cpu_usage"), "\(outcome.error)")
    }

    @Test func noTokenGoesWhereAnAnswerLeads() async throws {
        let other = try HTTPSink { _ in .init(200, body: "{}") }
        let first = try HTTPSink { [port = other.port] in
            .init(302, headers: ["Location": "http://u:secret@127.0.0.1:\(port)\($0.path)"])
        }
        let configuration = "[watcher_datasources.hypsometer]\nurl = http://127.0.0.1:\(first.port)\n"
        _ = try await audit(configuration, "--strategy", "workload_balance")
        #expect(other.requests.count == 1)

        let token = try directory.write("word\n", to: "token")
        let asked = try await audit("\(configuration)token_file = \(token)\n", "--strategy", "workload_balance")
        #expect(
            asked.error.contains(
                "answered 302 and leads to http://u:***@127.0.0.1:\(other.port)/v1/measures; give that as its URL"),
            "\(asked.error)")
        #expect(other.requests.count == 1)
        #expect(first.requests.last?.headers["authorization"] == "Bearer word")
    }
}
