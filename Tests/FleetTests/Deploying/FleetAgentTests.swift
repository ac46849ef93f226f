// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// Real agents of a real service, over libvirt's own test hypervisor.
@Suite(.timeLimit(.minutes(20)), .serialized) struct FleetAgentTests {
    private static let service = Bundle.main.bundleURL.appending(path: "hypsometer").path
    private static let polling = Bundle.main.bundleURL.appending(path: "hypsometer-polling").path
    private static let deadline = Duration.seconds(300)

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(RunningFleet.admin + "\n", to: "admin.token")
        try FileManager.default.createDirectory(
            atPath: directory("plugins"), withIntermediateDirectories: true)
    }

    /// One that says what is polled, and one that gives each node a file of its own to write to.
    private func installExtensions() throws {
        try directory.write("1", to: "interval")
        let meters = """
            if c["method"] == "process_deployment":
                p["data"]["common"]["polling"] = {"sources": {"instances": {
                    "interval": int(open("\(directory("interval"))").read()), "meters": ["memory", "vcpus"]}}}
            if c["method"].startswith("process_"): answer({"data": p["data"]})
            """
        let files = """
            if c["method"] == "process_deployment":
                for uid, node in p["data"]["nodes"].items():
                    node["pipeline"] = {
                        "sources": {"all": {"meters": ["*"], "sinks": ["file"]}},
                        "sinks": {"file": {"publishers": ["file://\(directory.path)/samples-" + uid]}}}
            if c["method"].startswith("process_"): answer({"data": p["data"]})
            """
        try ScriptedExtension(name: "meters", declares: #"{"data_pipelines": ["Meters"]}"#, body: meters)
            .install(directory)
        try ScriptedExtension(name: "files", declares: #"{"data_pipelines": ["Files"]}"#, body: files)
            .install(directory)
    }

    private func agent(_ number: Int, port: Int) throws -> ChildProcess {
        let text = """
            [DEFAULT]
            libvirt_uri = test:///default
            state_dir = \(directory("state-\(number)"))
            [fleet_agent]
            token_file = \(directory("bootstrap.token"))
            state_directory = \(directory("state-\(number)"))
            heartbeat_interval = 1
            mac = \(RunningFleet.mac(number))

            """
        try directory.write(text, to: "agent-\(number).conf")
        let log = open(directory("agent-\(number).log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(log) }
        return try ChildProcess(
            Self.polling,
            [
                "--config-file", directory("agent-\(number).conf"), "--fleet", "http://127.0.0.1:\(port)",
                "--polling-namespaces", "compute",
            ], output: log, error: log)
    }

    private func wait(_ what: String, until isSo: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + Self.deadline
        while try !isSo() {
            guard ContinuousClock.now < deadline else {
                let logs = (try? directory.text("agent-1.log")) ?? ""
                throw ShellError(command: what, reason: "not within \(Self.deadline): \(logs.suffix(2000))")
            }
            usleep(100_000)
        }
    }

    private func samples(_ number: Int) -> Int {
        ((try? directory.text("samples-\(number)")) ?? "").split(separator: "\n").count
    }

    @Test func twentyAgentsGetTheirConfigurationPollByItAndFollowAChange() async throws {
        try installExtensions()
        let count = 20
        try await onThread {
            let fleet = try FleetProcess(Self.service, directory)
            defer { fleet.signal(SIGKILL) }
            let token = RunningFleet.admin
            func ask(_ method: String, _ path: String, _ body: String? = nil) throws -> HTTPClient.Reply {
                try HTTPClient(port: fleet.port).send(
                    method, path, headers: ["Authorization": "Bearer \(token)"], body: body.map { Array($0.utf8) })
            }
            let bootstrap = try ask("POST", "/v1/tokens", #"{"scope": "bootstrap", "uses": 20}"#)
            try directory.write((bootstrap["token"] as? String ?? "") + "\n", to: "bootstrap.token")
            let agents = try (1...count).map { try agent($0, port: fleet.port) }
            defer { for agent in agents { agent.signal(SIGKILL) } }
            func nodes() throws -> [[String: Any]] { try ask("GET", "/v1/nodes")["nodes"] as? [[String: Any]] ?? [] }
            try wait("registrations") { try nodes().count == count }
            _ = try ask("POST", "/v1/clusters", #"{"name": "one", "extensions": ["meters", "files"]}"#)
            let ids = try nodes().compactMap { $0["id"] as? Int }
            _ = try ask(
                "POST", "/v1/clusters/1/assignment",
                #"{"nodes": [\#(ids.map { "\($0)" }.joined(separator: ","))], "roles": ["compute"]}"#)
            let first = try ask("POST", "/v1/clusters/1/deployments", "{}")
            #expect(first["generation"] as? Int == 1, "\(first.text)")
            try wait("all ready") { try nodes().allSatisfy { $0["status"] as? String == "ready" } }
            #expect(try ask("GET", "/v1/clusters/1")["status"] as? String == "operational")
            try wait("samples of all") { ids.allSatisfy { samples($0) > 0 } }
            let names = try directory.text("samples-\(ids[0])")
            #expect(names.contains(#""memory""#) && !names.contains(#""cpu""#))

            // The service is killed: agents go on polling, also one that starts anew meanwhile.
            fleet.signal(SIGKILL)
            _ = fleet.status(within: .seconds(30))
            agents[0].signal(SIGTERM)
            #expect(agents[0].status(within: .seconds(120)) == 0)
            let before = ids.map { samples($0) }
            let reborn = try agent(1, port: fleet.port)
            defer { reborn.signal(SIGKILL) }
            try wait("further samples") { zip(ids, before).allSatisfy { samples($0) > $1 } }
            #expect(try directory.text("agent-1.log").contains("runs generation 1 of cluster 1, kept of the last time"))
            for number in 1...count {
                for name in ["token", "generation.json"] {
                    let attributes = try FileManager.default.attributesOfItem(
                        atPath: directory("state-\(number)/\(name)"))
                    #expect(attributes[.posixPermissions] as? Int == 0o600)
                }
            }

            // It is back, at its old address, and a change is followed.
            let again = try FleetProcess(Self.service, directory, settings: "", port: fleet.port)
            defer { again.signal(SIGKILL) }
            try directory.write("2", to: "interval")
            let second = try ask("POST", "/v1/clusters/1/deployments", #"{"allow_offline": true}"#)
            #expect(second["generation"] as? Int == 2, "\(second.text)")
            try wait("all follow") {
                let generation = try ask("GET", "/v1/clusters/1/generations/2")
                let members = generation["nodes"] as? [[String: Any]] ?? []
                return members.count == count && members.allSatisfy { $0["runs_it"] as? Bool == true }
            }
            try wait("what they poll") {
                try (1...count).allSatisfy {
                    try directory.text("agent-\($0).log").contains("runs generation 2 of cluster 1")
                }
            }
            for agent in agents.dropFirst() { agent.signal(SIGTERM) }
            for agent in agents.dropFirst() { #expect(agent.status(within: .seconds(120)) == 0) }
        }
    }

    @Test func whatAnAgentCantUseIsRefusedAndTheLastGoodGenerationStays() async throws {
        try await onThread {
            let fleet = try FleetProcess(Self.service, directory)
            defer { fleet.signal(SIGKILL) }
            func ask(_ method: String, _ path: String, _ body: String? = nil) throws -> HTTPClient.Reply {
                try HTTPClient(port: fleet.port).send(
                    method, path, headers: ["Authorization": "Bearer \(RunningFleet.admin)"],
                    body: body.map { Array($0.utf8) })
            }
            func deploy(_ meter: String) throws {
                let sink = #"{"publishers": ["file://\#(directory.path)/samples-1"]}"#
                let agent = """
                    {"polling": {"sources": {"one": {"interval": 1, "meters": ["\(meter)"]}}},
                     "pipeline": {"sources": {"all": {"meters": ["*"], "sinks": ["file"]}}, "sinks": {"file": \(sink)}}}
                    """
                let set = try ask("PUT", "/v1/clusters/1", #"{"attributes": {"agent": \#(agent)}}"#)
                #expect(set.status == 200)
                let reply = try ask("POST", "/v1/clusters/1/deployments", #"{"allow_offline": true}"#)
                #expect(reply.status == 201, "\(reply.text)")
            }
            let bootstrap = try ask("POST", "/v1/tokens", #"{"scope": "bootstrap", "uses": 1}"#)
            try directory.write((bootstrap["token"] as? String ?? "") + "\n", to: "bootstrap.token")
            let agent = try agent(1, port: fleet.port)
            defer { agent.signal(SIGKILL) }
            func status() throws -> String? { try ask("GET", "/v1/nodes/1")["status"] as? String }
            try wait("registration") { try status() != nil }
            _ = try ask("POST", "/v1/clusters", #"{"name": "one"}"#)
            _ = try ask("POST", "/v1/clusters/1/assignment", #"{"nodes": [1]}"#)
            try deploy("memory")
            try wait("ready") { try status() == "ready" }
            try deploy("no.such.meter")
            try wait("refusal") { try status() == "error" }
            let told = try ask("GET", "/v1/nodes/1/config")
            #expect(told.at("/report/outcome") as? String == "refused")
            #expect((told.at("/report/message") as? String)?.contains("no.such.meter") == true)
            let before = samples(1)
            try wait("further samples of the generation before") { samples(1) > before + 2 }
            #expect(try directory.text("state-1/generation.json").contains(#""generation": 1"#))
            try deploy("vcpus")
            try wait("ready again") { try status() == "ready" }
            agent.signal(SIGTERM)
            #expect(agent.status(within: .seconds(120)) == 0)
        }
    }
}
