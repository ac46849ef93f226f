// SPDX-License-Identifier: Apache-2.0
import Foundation
import OpenStack
import TestSupport
import Testing

extension RabbitSuites {
    /// Continuous audits of a real Nova with fake hypervisors, by what our collector and a real Gnocchi know of their load.
    @Suite(.serialized, .timeLimit(.minutes(30))) struct AuditServiceTests {
        private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
        private static let definitions = URL(filePath: #filePath).appending(
            path: "../../../conf/gnocchi_resources.yaml"
        )
        .standardized.path
        private let lab = ServicesLab.shared
        private let directory: TemporaryDirectory

        init() async throws { directory = try TemporaryDirectory() }

        private struct Server {
            var id: String
            var host: String
            var status: String
            var isSettled: Bool
        }

        private func servers() async throws -> [Server] {
            let text = try await lab.api("GET", "nova", "/v2.1/servers/detail?all_tenants=1")
            let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            return (json?["servers"] as? [[String: Any]] ?? []).compactMap { server in
                guard let id = server["id"] as? String, let host = server["OS-EXT-SRV-ATTR:host"] as? String,
                    let status = server["status"] as? String
                else { return nil }
                return Server(id: id, host: host, status: status, isSettled: server["OS-EXT-STS:task_state"] is NSNull)
            }
        }

        /// Half an hour of what an agent that polls every five minutes would have sent: each active instance uses a tenth of
        /// its virtual CPU, each host a twentieth.
        private func samples(_ servers: [Server]) -> String {
            let now = Date.now
            func sample(_ name: String, _ type: String, _ unit: String, _ resource: String, _ volume: Int, _ age: Int)
                -> String
            {
                """
                {"id": "\(UUID().uuidString.lowercased())", "name": "\(name)", "type": "\(type)", "unit": "\(unit)", \
                "volume": \(volume), "resource_id": "\(resource)", "project_id": "p", "user_id": "u", \
                "timestamp": "\((now - Double(age)).ISO8601Format().dropLast())", "resource_metadata": {}, \
                "source": "openstack"}
                """
            }
            var rows: [String] = []
            for cycle in 0...6 {
                let age = 1800 - cycle * 300
                for server in servers {
                    let load = server.status == "ACTIVE" ? cycle * 300 * 100_000_000 : 0
                    rows.append(sample("cpu", "cumulative", "ns", server.id, load, age))
                    rows.append(sample("memory.resident", "gauge", "MB", server.id, 64, age))
                    rows.append(sample("memory", "gauge", "MB", server.id, 512, age))
                    rows.append(sample("disk.root.size", "gauge", "GB", server.id, 1, age))
                }
                for host in Set(servers.map(\.host)) {
                    rows.append(sample("compute.node.cpu.percent", "gauge", "%", "\(host)_\(host)", 5, age))
                }
            }
            return "[\(rows.joined(separator: ","))]"
        }

        /// Until the server is at rest on the host, two minutes at most; one that is shut off can't be moved live.
        private func move(_ server: String, to host: String, live: Bool) async throws {
            func act(_ body: String) async throws {
                _ = try await lab.api("POST", "nova", "/v2.1/servers/\(server)/action", body: body)
            }
            if live {
                try await act(#"{"os-migrateLive": {"host": "\#(host)", "block_migration": "auto"}}"#)
            } else {
                try await act(#"{"migrate": {"host": "\#(host)"}}"#)
                let isMoved = try await eventually(within: .seconds(120)) {
                    try await servers().contains { $0.id == server && $0.status == "VERIFY_RESIZE" }
                }
                #expect(isMoved, "\(server)")
                try await act(#"{"confirmResize": null}"#)
            }
            let isThere = try await eventually(within: .seconds(120)) {
                try await servers().contains {
                    $0.id == server && $0.host == host && $0.isSettled && $0.status != "VERIFY_RESIZE"
                }
            }
            #expect(isThere, "\(server) is not on \(host)")
        }

        /// Whether the scheduler puts new instances on a host.
        private func set(_ status: String, _ host: String) async throws {
            let text = try await lab.api("GET", "nova", "/v2.1/os-services?binary=nova-compute&host=\(host)")
            let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            let id = try #require((json?["services"] as? [[String: Any]])?.first?["id"] as? String, "\(text)")
            _ = try await lab.api("PUT", "nova", "/v2.1/os-services/\(id)", body: #"{"status": "\#(status)"}"#)
        }

        private func eventually(within limit: Duration, _ isSo: () async throws -> Bool) async throws -> Bool {
            let deadline = ContinuousClock.now + limit
            while try await !isSo() {
                guard ContinuousClock.now < deadline else { return false }
                try await Task.sleep(for: .milliseconds(500))
            }
            return true
        }

        /// A real agent that polls libvirt's test driver, whose domains have the instances' ids: each that runs uses a whole
        /// CPU. Until the collector has figures of all of them.
        private func poll(
            _ uri: String, _ servers: [Server], into collector: CollectorProcess
        ) throws -> ChildProcess {
            try directory.write(RunningAgent.polling(meters: "*"), to: "polling.yaml")
            try directory.write(
                """
                sources: [{name: all, meters: ["*"], sinks: [there]}]
                sinks: [{name: there, publishers: ["http://127.0.0.1:\(collector.port)"]}]
                """, to: "pipeline.yaml")
            let configuration = try directory.write(
                """
                [DEFAULT]
                libvirt_uri = \(uri)
                polling_namespaces = compute
                [publisher]
                spool_directory = \(directory.path)

                """, to: "hypsometer.conf")
            let agent = try ChildProcess(RunningAgent.executable.path, ["--config-file", configuration])
            let running = servers.filter { $0.status == "ACTIVE" }.map(\.id)
            let deadline = ContinuousClock.now + .seconds(60)
            while true {
                let known = try HTTPClient(port: collector.port).send(
                    "GET", "/v1/measures?meter=cpu_util&granularity=2&start=-60"
                ).text
                if running.allSatisfy(known.contains) { return agent }
                guard ContinuousClock.now < deadline else {
                    throw ShellError(command: "hypsometer-polling", reason: known)
                }
                usleep(200_000)
            }
        }

        @Test func whatAConsolidationProposesIsDoneByHandAndTheNextRunHasNothingToPropose() async throws {
            try await lab.up("nova")
            try await lab.seed("nova")
            let before = try await servers()
            var environment = try await lab.environment().filter { $0.key.hasPrefix("OS_") }
            // The model is built once an hour: what is done in between it hears from Nova.
            environment["OS_DEFAULT__TRANSPORT_URL"] = Rabbit.text
            let node = try NodeFile(before.map { ($0.id, $0.id, $0.status == "ACTIVE" ? 1 : 5) })
            defer { withExtendedLifetime(node) {} }
            let (collector, agent, service) = try await onThread { [environment, uri = node.uri] in
                let collector = try CollectorProcess(Self.binary, folder: directory.path)
                let agent = try poll(uri, before, into: collector)
                let service = try AuditProcess(
                    Self.binary, directory,
                    settings: """
                        [watcher_datasources.hypsometer]
                        url = http://127.0.0.1:\(collector.port)
                        """, environment: environment)
                let made = try service.send(
                    "POST", "/v1/audits",
                    #"{"audit_type": "CONTINUOUS", "goal": "server_consolidation", "interval": "5", "name": "pack", "#
                        + #""strategy": "vm_workload_consolidation", "parameters": {"period": 60, "granularity": 2}}"#)
                #expect(made.status == 201, "\(made.text)")
                return (collector, agent, service)
            }
            defer {
                service.signal(SIGKILL)
                agent.signal(SIGKILL)
                collector.signal(SIGKILL)
            }
            let plan = try await onThread { () -> String? in
                let audit = try service.audit("pack") { _ in (try? service.plans(of: "pack").isEmpty) == false }
                let plan = try service.plans(of: "pack").last
                let log = try service.log
                #expect(plan?["state"] as? String != "SUCCEEDED", "\(audit) \(plan ?? [:]) \(log)")
                return plan?["uuid"] as? String
            }
            let actions = try await onThread { [plan] in
                try service.actions(of: plan ?? "").map { action in
                    (
                        type: action["action_type"] as? String ?? "",
                        input: (action["input_parameters"] as? [String: Any] ?? [:]).compactMapValues { $0 as? String }
                    )
                }
            }
            let migrations = actions.filter { $0.type == "migrate" }
            #expect(!migrations.isEmpty, "\(actions)")
            for migration in migrations {
                try await move(
                    migration.input["resource_id"] ?? "", to: migration.input["destination_node"] ?? "",
                    live: migration.input["migration_type"] == "live")
            }
            // And no new ones on the hosts that are empty then.
            let closed = actions.filter { $0.type == "change_nova_service_state" }.compactMap {
                $0.input["resource_name"]
            }
            for host in closed { try await set("disabled", host) }
            // The model follows, and what it shows then is as good as it gets.
            let isDone = try await eventually(within: .seconds(120)) {
                try await onThread { try service.plans(of: "pack").first?["state"] as? String == "SUCCEEDED" }
            }
            let log = try service.log
            #expect(isDone, "\(log)")
            // As it was found.
            for host in closed { try await set("enabled", host) }
            for server in before where migrations.contains(where: { $0.input["resource_id"] == server.id }) {
                try await move(server.id, to: server.host, live: server.status == "ACTIVE")
            }
            try await onThread {
                service.signal(SIGTERM)
                #expect(service.status(within: .seconds(60)) == 0)
                agent.signal(SIGTERM)
                collector.stop()
            }
        }

        /// Posted to our collector, which hands all of it on to Gnocchi as `[service_credentials]` says, and asked for there
        /// as they say.
        @Test func gnocchiIsAskedWithKeystonesTokensAndGivesThePlanOfTheCollector() async throws {
            try await lab.up("nova", "gnocchi")
            try await lab.seed("nova")
            let samples = samples(try await servers())
            let environment = try await lab.environment().filter { $0.key.hasPrefix("OS_") }
            let settings = """
                forward = gnocchi://?resources_definition_file=\(Self.definitions)
                [service_credentials]
                auth_url = \(environment["OS_AUTH_URL"] ?? "")
                username = admin
                password = \(ServicesLab.password)
                project_name = admin
                user_domain_id = default
                project_domain_id = default
                """
            try await onThread {
                let collector = try CollectorProcess(Self.binary, folder: directory.path, settings: settings)
                defer { collector.stop() }
                let taken = try HTTPClient(port: collector.port).send("POST", "/v1/samples", body: Array(samples.utf8))
                #expect(taken.status == 200, "\(taken.text)")
                func actions(_ datasource: String) throws -> (actions: String, all: String) {
                    let file = try directory.write(
                        "[service_credentials]\(settings.split(separator: "[service_credentials]")[1])\n\(datasource)",
                        to: "run.conf")
                    let outcome = try Shell.run(
                        Self.binary,
                        [
                            "audit", "run", "--config-file", file, "--strategy", "vm_workload_consolidation",
                            "--format",
                            "json", "--parameters", #"{"period": 1500, "granularity": 300}"#,
                        ])
                    let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
                    let actions = report?["actions"] as? [[String: Any]] ?? []
                    let words = try actions.map { action in
                        String(
                            decoding: try JSONSerialization.data(
                                withJSONObject: action["input_parameters"] ?? [:], options: .sortedKeys), as: UTF8.self)
                    }
                    return (words.joined(separator: "\n"), outcome.output + outcome.error)
                }
                let ours = try actions(
                    "[watcher_datasources.hypsometer]\nurl = http://127.0.0.1:\(collector.port)\n")
                #expect(!ours.actions.isEmpty && !ours.all.contains("no instance_"), "\(ours.all)")
                let deadline = ContinuousClock.now + .seconds(180)
                var theirs = try actions("[watcher_datasources.gnocchi]\nkeystone = true\n")
                while theirs.actions != ours.actions || theirs.all.contains("no instance_"),
                    ContinuousClock.now < deadline
                {
                    sleep(2)
                    theirs = try actions("[watcher_datasources.gnocchi]\nkeystone = true\n")
                }
                #expect(theirs.actions == ours.actions, "\(theirs.all)")
                #expect(
                    theirs.all.contains(#""datasource": "gnocchi""#) && !theirs.all.contains("no instance_"),
                    "\(theirs.all)")
            }
        }
    }
}
