// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The real binary as a service, on the model of libvirt's own test driver.
@Suite(.timeLimit(.minutes(5))) struct AuditServiceTests {
    private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
    private static let hypervisor = "[watcher_cluster_data_model_collectors.libvirt]\nuris = test:///default\n"

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func isOver(_ audit: [String: Any]) -> Bool {
        ["SUCCEEDED", "FAILED", "CANCELLED"].contains(audit["state"] as? String ?? "")
    }

    /// Ends it as systemd does.
    private func stop(_ service: AuditProcess) {
        service.signal(SIGTERM)
        #expect(service.status(within: .seconds(60)) == 0)
    }

    @Test func anAuditOnceGivesAPlanThatARestartKeeps() async throws {
        try await onThread {
            var service = try AuditProcess(Self.binary, directory, settings: Self.hypervisor)
            let made = try service.send(
                "POST", "/v1/audits", #"{"audit_type": "ONESHOT", "goal": "dummy", "name": "a b/c"}"#)
            #expect(made.status == 201 && made["strategy_name"] as? String == "dummy", "\(made.text)")
            #expect(try service.audit("a%20b%2Fc", isOver)["state"] as? String == "SUCCEEDED")
            let plan = try #require(try service.plans(of: "a%20b%2Fc").first)
            #expect(plan["state"] as? String == "RECOMMENDED")
            let uuid = try #require(plan["uuid"] as? String)
            let actions = try service.actions(of: uuid)
            #expect(actions.compactMap { $0["action_type"] as? String } == ["nop", "nop", "sleep"])
            stop(service)

            service = try AuditProcess(Self.binary, directory, settings: Self.hypervisor)
            #expect(
                try service.send("GET", "/v1/action_plans/\(uuid)")["audit_uuid"] as? String == made["uuid"] as? String)
            #expect(try service.actions(of: uuid).count == 3)
            #expect(try service.send("POST", "/v1/action_plans/\(uuid)/start").status == 200)
            for action in actions {
                let path = "/v1/actions/\(action["uuid"] as? String ?? "")"
                let reply = try service.send(
                    "PATCH", path, #"[{"op": "replace", "path": "/state", "value": "SUCCEEDED"}]"#)
                #expect(reply.status == 200, "\(reply.text)")
            }
            #expect(try service.send("GET", "/v1/action_plans/\(uuid)")["state"] as? String == "SUCCEEDED")
            #expect(try service.send("DELETE", "/v1/action_plans/\(uuid)").status == 204)
            #expect(try service.send("GET", "/v1/action_plans/\(uuid)").status == 404)
            stop(service)
        }
    }

    @Test func aContinuousAuditRunsAgainAndAnEventOneWhenItIsCalled() async throws {
        try await onThread {
            let service = try AuditProcess(Self.binary, directory, settings: Self.hypervisor)
            _ = try service.send(
                "POST", "/v1/audits",
                #"{"audit_type": "CONTINUOUS", "strategy": "dummy", "name": "beat", "interval": "1"}"#)
            _ = try service.audit("beat") { _ in (try? service.plans(of: "beat").count) ?? 0 > 2 }
            let states = try service.plans(of: "beat").compactMap { $0["state"] as? String }
            #expect(states.first == "RECOMMENDED" && Set(states.dropFirst()) == ["CANCELLED"], "\(states)")
            let paused = try service.send(
                "PATCH", "/v1/audits/beat", #"[{"op": "replace", "path": "/state", "value": "SUSPENDED"}]"#)
            #expect(paused["next_run_time"] is NSNull)

            _ = try service.send("POST", "/v1/audits", #"{"audit_type": "EVENT", "strategy": "dummy", "name": "bell"}"#)
            #expect(try service.send("POST", "/v1/webhooks/bell").status == 202)
            #expect(try service.audit("bell", isOver)["state"] as? String == "SUCCEEDED")
            #expect(try service.send("POST", "/v1/webhooks/bell").status == 202)
            _ = try service.audit("bell") { _ in (try? service.plans(of: "bell").count) == 2 }
            #expect(try service.plans(of: "bell").count == 2)
            #expect(try service.send("POST", "/v1/webhooks/beat").status == 400)
            stop(service)
        }
    }

    /// By the engine's own interval it would take an hour.
    @Test func anAuditThatWaitsForAPlanRunsWhenThatEnds() async throws {
        try await onThread {
            let service = try AuditProcess(
                Self.binary, directory,
                settings: Self.hypervisor + "[watcher_decision_engine]\ncontinuous_audit_interval = 3600\n")
            _ = try service.send(
                "POST", "/v1/audits",
                #"{"audit_type": "CONTINUOUS", "strategy": "dummy", "name": "beat", "interval": "1"}"#)
            _ = try service.audit("beat") { _ in (try? service.plans(of: "beat").isEmpty) == false }
            let plan = try #require(try service.plans(of: "beat").first?["uuid"] as? String)
            func tell(_ state: String, of action: [String: Any]) throws {
                let path = "/v1/actions/\(action["uuid"] as? String ?? "")"
                let reply = try service.send(
                    "PATCH", path, #"[{"op": "replace", "path": "/state", "value": "\#(state)"}]"#)
                #expect(reply.status == 200, "\(reply.text)")
            }
            let actions = try service.actions(of: plan)
            try tell("ONGOING", of: actions[0])
            _ = try service.audit("beat") { ($0["status_message"] as? String)?.hasPrefix("waits: ") == true }
            let count = try service.plans(of: "beat").count
            for action in actions { try tell("SUCCEEDED", of: action) }
            _ = try service.audit("beat") { _ in (try? service.plans(of: "beat").count) ?? 0 > count }
            #expect(try service.plans(of: "beat").count > count)
            stop(service)
        }
    }

    @Test func tokensAreTakenWhileItServes() async throws {
        try await onThread {
            let (old, new) = ("old-client-token-0123456789", "new-client-token-0123456789")
            let file = try directory.write(old + "\n", to: "tokens")
            let service = try AuditProcess(
                Self.binary, directory, settings: "token_file = \(file)\n\(Self.hypervisor)", token: new)
            #expect(try service.send("GET", "/v1/audits").status == 401)
            try directory.write(new + "\n", to: "tokens")
            try directory.write(try directory.text("audit.conf") + "period = 60\n", to: "audit.conf")
            service.signal(SIGHUP)
            let deadline = ContinuousClock.now + .seconds(60)
            while try !service.log.contains("configuration reloaded"), ContinuousClock.now < deadline { usleep(5000) }
            #expect(try service.send("GET", "/v1/audits").status == 200)
            let waiting = "takes effect at the next start alone: [watcher_cluster_data_model_collectors.libvirt] period"
            let log = try service.log
            #expect(log.contains(waiting), "\(log)")
            stop(service)
        }
    }

    @Test(arguments: [
        (#"{"audit_type": "ONCE", "goal": "dummy"}"#, "allowed: one of ONESHOT, CONTINUOUS, EVENT"),
        (#"{"audit_type": "ONESHOT"}"#, "Neither goal nor strategy is given"),
        (#"{"audit_type": "ONESHOT", "strategy": "workload_balanc"}"#, "did you mean workload_balance?"),
        (#"{"audit_type": "ONESHOT", "goal": "dummy", "strategy": "basic"}"#, "serves the goal server_consolidation"),
        (#"{"audit_type": "ONESHOT", "goal": "dummy", "interval": "60"}"#, "are for CONTINUOUS audits"),
        (#"{"audit_type": "CONTINUOUS", "goal": "dummy"}"#, "needs the field interval"),
        (#"{"audit_type": "CONTINUOUS", "goal": "dummy", "interval": "hourly"}"#, "five fields: minute hour"),
        (#"{"audit_type": "ONESHOT", "strategy": "workload_balance", "parameters": {"threshold": "x"}}"#, "threshold"),
        (
            #"{"audit_type": "ONESHOT", "goal": "dummy", "scope": [{"compute": [{"exclude": [{"instanses": []}]}]}]}"#,
            #"\"instanses\" at /0/compute/0/exclude/0; allowed: compute_nodes, host_aggregates, instance_metadata, "#
                + "instances, projects. Did you mean instances?"
        ),
        (
            #"{"audit_type": "ONESHOT", "goal": "dummy", "scope": [{"storage": [{"volume_types": "ssd"}]}]}"#,
            #"\"ssd\" at /0/storage/0/volume_types; allowed: a list"#
        ),
        (#"{"audit_type": "ONESHOT", "goal": "dummy", "auto_trigger": true}"#, "This service changes nothing"),
        (#"{"audit_type": "ONESHOT", "goal": "dummy", "intervall": "60"}"#, "Did you mean interval?"),
        ("{", "The body is no JSON"),
    ])
    func whatIsWrongWithAnAuditIsSaidBeforeItIsKept(_ body: String, _ words: String) async throws {
        try await onThread {
            let service = try AuditProcess(Self.binary, directory)
            let reply = try service.send("POST", "/v1/audits", body)
            #expect(reply.status == 400 && reply.text.contains(words), "\(reply.text)")
            #expect((try service.send("GET", "/v1/audits")["audits"] as? [Any])?.isEmpty == true)
            stop(service)
        }
    }

    @Test func aFailureIsSaidOnceAndAContinuousAuditGoesOn() async throws {
        try await onThread {
            let service = try AuditProcess(Self.binary, directory)
            _ = try service.send(
                "POST", "/v1/audits",
                #"{"audit_type": "CONTINUOUS", "strategy": "workload_balance", "name": "beat", "interval": "1"}"#)
            let audit = try service.audit("beat") { audit in
                (audit["status_message"] as? String)?.contains("no collector makes the model compute") == true
            }
            #expect(audit["state"] as? String == "ONGOING")
            usleep(2_500_000)
            #expect(try service.log.split(separator: "\n").count { $0.contains("an audit fails") } == 1)
            stop(service)
        }
    }

    @Test func whoShowsNoTokenLearnsNothing() async throws {
        try await onThread {
            let token = "test-token-0123456789"
            let file = try directory.write(token + "\n", to: "tokens")
            let service = try AuditProcess(
                Self.binary, directory, settings: "token_file = \(file)\n\(Self.hypervisor)", token: token)
            let stranger = try HTTPClient(port: service.port)
            for path in ["/v1/audits", "/v1/action_plans", "/v1/goals", "/metrics"] {
                #expect(try stranger.send("GET", path).status == 401)
            }
            #expect(try stranger.send("GET", "/health").status == 200)
            #expect(try service.send("GET", "/v1/audits").status == 200)
            let environment = ["HYPSOMETER_AUDIT_URL": service.url, "HYPSOMETER_AUDIT_TOKEN_FILE": file]
            let made = try Shell.run(
                Self.binary, ["audit", "create", "--goal", "dummy", "--name", "once"], environment: environment)
            #expect(made.status == 0 && made.output.contains("audit_type      ONESHOT"), "\(made.error)")
            _ = try service.audit("once", isOver)
            let shown = try Shell.run(Self.binary, ["plan", "list"], environment: environment)
            #expect(shown.output.contains("RECOMMENDED  dummy"), "\(shown.output) \(shown.error)")
            let plan = String(shown.output.split(separator: "\n")[1].prefix(36))
            let actions = try Shell.run(Self.binary, ["plan", "show", plan], environment: environment)
            #expect(actions.output.contains("sleep") && actions.output.contains("duration=3.2"), "\(actions.output)")
            stop(service)
        }
    }

    /// A datasource that takes connections and never answers holds the first engine's run up.
    @Test func whatAKilledEngineRanAnotherRunsOnceItsLeaseIsOver() async throws {
        try await onThread {
            let silent = try SilentListener()
            let first = try AuditProcess(
                Self.binary, directory, name: "first",
                settings: """
                    lease_seconds = 5
                    \(Self.hypervisor)
                    [watcher_datasources.hypsometer]
                    url = http://127.0.0.1:\(silent.port)
                    timeout = 3600
                    """)
            _ = try first.send(
                "POST", "/v1/audits", #"{"audit_type": "ONESHOT", "strategy": "workload_balance", "name": "once"}"#)
            _ = try first.audit("once") { $0["state"] as? String == "ONGOING" }
            let second = try AuditProcess(
                Self.binary, directory, name: "second",
                settings:
                    "lease_seconds = 5\n[watcher_decision_engine]\ncontinuous_audit_interval = 1\n\(Self.hypervisor)")
            // Longer than a lease: the first renews it.
            sleep(7)
            #expect(try second.audit("once") { _ in true }["state"] as? String == "ONGOING")
            #expect((try second.send("GET", "/v1/services")["services"] as? [Any])?.count == 2)
            first.signal(SIGKILL)
            #expect(first.status(within: .seconds(30)) == 128 + SIGKILL)
            #expect(try second.audit("once", isOver)["state"] as? String == "SUCCEEDED")
            #expect(try second.plans(of: "once").count == 1)
            // What it decided without is named before it decides: by strategy, resource and datasource.
            let lines = try second.log.split(separator: "\n").filter { $0.contains("not all is measured") }
            #expect(lines.count == 1 && lines.first?.contains("strategy=workload_balance") == true)
            #expect(
                lines.first?.contains(
                    "no instance_cpu_usage of the last 300 s for 1 of 1 instances, such as test, as no datasource is configured"
                ) == true, "\(lines)")
            stop(second)
        }
    }

    /// It costs its own audit's runs, each once its time is up; the next one asks again.
    @Test func aDatasourceThatHangsHoldsNoOtherAuditUp() async throws {
        try await onThread {
            let folder = try TemporaryDirectory()
            let collector = try CollectorProcess(Self.binary, folder: folder.path)
            defer { collector.stop() }
            let proxy = try TroubledProxy(to: collector.port, .hung)
            defer { proxy.end() }
            let service = try AuditProcess(
                Self.binary, directory,
                settings: """
                    [watcher_decision_engine]
                    continuous_audit_interval = 1
                    [watcher_datasources.hypsometer]
                    url = http://127.0.0.1:\(proxy.port)
                    timeout = 2
                    \(Self.hypervisor)
                    """)
            for (name, strategy) in [("asks", "workload_balance"), ("beat", "dummy")] {
                _ = try service.send(
                    "POST", "/v1/audits",
                    #"{"audit_type": "CONTINUOUS", "strategy": "\#(strategy)", "name": "\#(name)", "interval": "1"}"#)
            }
            func message(_ audit: [String: Any]) -> String { audit["status_message"] as? String ?? "" }
            let failed = try service.audit("asks") { message($0).contains("datasource hypsometer") }
            #expect(message(failed).contains("no answer within 2 s"), "\(failed)")
            let count = try service.plans(of: "beat").count
            _ = try service.audit("beat") { _ in (try? service.plans(of: "beat").count) ?? 0 >= count + 3 }
            #expect(try service.audit("asks") { _ in true }["state"] as? String == "ONGOING")
            try proxy.begin(.none)
            _ = try service.audit("asks") { !message($0).contains("datasource hypsometer") }
            let log = try service.log
            #expect(log.matches(of: /an audit fails/).count == 1, "\(log)")
            stop(service)
        }
    }

    @Test func anEngineThatIsToldToEndLeavesItsAuditToTheNext() async throws {
        try await onThread {
            let silent = try SilentListener()
            let datasource = "[watcher_datasources.hypsometer]\nurl = http://127.0.0.1:\(silent.port)\ntimeout = 3600\n"
            let first = try AuditProcess(
                Self.binary, directory, name: "first", settings: "lease_seconds = 3600\n\(Self.hypervisor)\(datasource)"
            )
            _ = try first.send(
                "POST", "/v1/audits", #"{"audit_type": "ONESHOT", "strategy": "workload_balance", "name": "once"}"#)
            _ = try first.audit("once") { $0["state"] as? String == "ONGOING" }
            stop(first)
            let second = try AuditProcess(Self.binary, directory, name: "second", settings: Self.hypervisor)
            #expect(try second.audit("once", isOver)["state"] as? String == "SUCCEEDED")
            stop(second)
        }
    }

    @Test func wrongSettingsAreSaidBeforeItStarts() async throws {
        let file = try directory.write(
            "[audit]\nlisten = 0.0.0.0:4955\ndatabas = /x\n[watcher_decision_engine]\nmax_audit_workers = 0\n",
            to: "h.conf")
        let outcome = try await onThread {
            try Shell.run(Self.binary, ["audit", "serve", "--validate", "--config-file", file])
        }
        #expect(outcome.status == 2)
        #expect(
            outcome.error.contains("h.conf:3: [audit]: unknown name \"databas\"") || outcome.error.contains("databas"))
        #expect(outcome.error.contains("max_audit_workers"))
    }
}

/// Takes connections, and never answers.
private final class SilentListener {
    private let descriptor: Int32
    let port: Int

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) + listen(listener, 16) + getsockname(listener, pointer, &length)
            }
        }
        descriptor = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        guard result == 0 else { throw ShellError(command: "listen", reason: String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }
}
