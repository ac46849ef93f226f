// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

extension RabbitSuites {
    /// The agent, a real RabbitMQ and the collector together, while each is stopped or killed.
    @Suite(.serialized) struct NotifierAndCollectorTests {
        private static let domains = 20
        private static let collector = Bundle.main.bundleURL.appending(path: "hypsometer").path

        private let directory: TemporaryDirectory
        /// An exchange and a topic of the test's own.
        private let name = "test-\(UUID().uuidString.prefix(8))"

        init() async throws {
            try await ServicesLab.shared.up("rabbitmq")
            directory = try TemporaryDirectory()
            try FileManager.default.createDirectory(atPath: directory("spool"), withIntermediateDirectories: false)
            try directory.write("a secret\n", to: "secret")
        }

        /// Queues that outlive the broker, and quick tries.
        private var bus: String {
            """
            [DEFAULT]
            transport_url = \(Rabbit.text)
            control_exchange = \(name)
            [oslo_messaging_rabbit]
            amqp_durable_queues = true
            rabbit_interval_max = 2
            """
        }

        private func startAgent(_ uri: String, _ query: String = "") throws -> ChildProcess {
            try directory.write(
                """
                \(bus)
                [DEFAULT]
                libvirt_uri = \(uri)
                polling_namespaces = compute
                [polling]
                jitter = 0
                [publisher]
                spool_directory = \(directory("spool"))
                telemetry_secret_file = \(directory("secret"))
                """, to: "hypsometer.conf")
            try directory.write(
                """
                sources: [{name: all, meters: ["*"], sinks: [bus]}]
                sinks: [{name: bus, publishers: ["notifier://?topic=\(name)&batch_size=7\(query)"]}]
                """, to: "pipeline.yaml")
            try directory.write(RunningAgent.polling(every: 1, meters: "cpu"), to: "polling.yaml")
            let log = open(directory("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            defer { close(log) }
            return try ChildProcess(
                RunningAgent.executable.path, ["--config-file", directory("hypsometer.conf"), "--debug"], error: log)
        }

        private func startCollector(_ folder: String = "c1") throws -> CollectorProcess {
            try? FileManager.default.createDirectory(atPath: directory(folder), withIntermediateDirectories: false)
            return try CollectorProcess(
                Self.collector, folder: directory(folder),
                settings: "bus_topics = \(name)\ntelemetry_secret_file = \(directory("secret"))\n\(bus)")
        }

        private func finishedCycles() throws -> Int {
            try directory.text("log").split(separator: "\n").count { $0.contains("cycle done") }
        }

        private func waitForCycles(_ count: Int) async throws {
            let target = try finishedCycles() + count
            while try finishedCycles() < target { try await Task.sleep(for: .milliseconds(20)) }
        }

        /// How often the agent's log has a line with these words.
        private func lines(_ words: String) throws -> Int {
            try directory.text("log").split(separator: "\n").count { $0.contains(words) }
        }

        /// All samples of cpu: resource and time.
        private func stored(_ collector: CollectorProcess) async throws -> [String] {
            let port = collector.port
            return try await onThread {
                let client = try HTTPClient(port: port)
                var found: [String] = []
                var marker = ""
                while true {
                    let page = try client.send("GET", "/v1/samples?meter=cpu&limit=1000\(marker)")
                    for sample in page["samples"] as? [[String: Any]] ?? [] {
                        found.append("\(sample["resource_id"] ?? "") \(sample["timestamp"] ?? "")")
                    }
                    guard let next = page["next_marker"] as? String else { return found }
                    marker = "&marker=\(next)"
                }
            }
        }

        private func end(_ agent: ChildProcess) async throws {
            agent.signal(SIGTERM)
            #expect(try await onThread { agent.status(within: .seconds(60)) } == 0)
            #expect(try lines("stay in the spool") == 0)
        }

        @Test(.timeLimit(.minutes(10))) func nothingIsLostOrDoubledWhoeverIsStoppedOrKilled() async throws {
            let node = try NodeFile(instances: Self.domains)
            let agent = try startAgent(node.uri)
            // Nobody listens yet.
            try await waitForCycles(3)
            var collector = try await onThread { [self] in try startCollector() }
            try await waitForCycles(2)

            for isKilled in [false, true] {
                let accepted = try lines("accepts samples again")
                if isKilled {
                    let pid = try await Rabbit.control("eval", "list_to_integer(os:getpid()).")
                    kill(try #require(pid_t(pid.trimmingCharacters(in: .whitespacesAndNewlines))), SIGKILL)
                } else {
                    try await ServicesLab.shared.down("rabbitmq")
                }
                try await waitForCycles(3)
                try await ServicesLab.shared.up("rabbitmq")
                while try lines("accepts samples again") == accepted { try await Task.sleep(for: .milliseconds(50)) }
                try await waitForCycles(1)
            }
            collector.signal(SIGKILL)
            try await waitForCycles(3)
            collector = try await onThread { [self] in try startCollector() }
            try await waitForCycles(2)
            try await end(agent)

            let expected = try finishedCycles() * Self.domains
            var samples = try await stored(collector)
            while samples.count < expected {
                try await Task.sleep(for: .milliseconds(100))
                samples = try await stored(collector)
            }
            #expect(samples.count == expected)
            #expect(Set(samples).count == expected)
            #expect(try await Rabbit.waiting(in: "\(name).sample") == 0)
            // Each fault is one line when it begins and one when it ends.
            #expect(try lines("publisher refuses samples") >= 2)
            #expect(try lines("publisher accepts samples again") >= 2)
            let last = collector
            try await onThread { last.stop() }
        }

        @Test(.timeLimit(.minutes(10))) func collectorsShareAQueue() async throws {
            let node = try NodeFile(instances: Self.domains)
            let (first, second) = try await onThread { [self] in (try startCollector("c1"), try startCollector("c2")) }
            let agent = try startAgent(node.uri)
            try await waitForCycles(4)
            try await end(agent)
            let expected = try finishedCycles() * Self.domains
            var samples: [String] = []
            while samples.count < expected {
                samples = try await stored(first) + stored(second)
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(samples.count == expected)
            #expect(Set(samples).count == expected)
            #expect(try await !stored(first).isEmpty)
            #expect(try await !stored(second).isEmpty)
            try await onThread {
                first.stop()
                second.stop()
            }
        }

        /// Runs a program of Debian's oslo.messaging against the lab.
        private func python(_ program: String) async throws -> String {
            let prelude = """
                import json, os, sys
                import oslo_messaging
                from oslo_config import cfg
                conf = cfg.ConfigOpts()
                conf([])
                oslo_messaging.set_transport_defaults("\(name)")
                transport = oslo_messaging.get_notification_transport(conf, "\(Rabbit.text)")
                conf.set_override("amqp_durable_queues", True, group="oslo_messaging_rabbit")

                """
            return try await onThread {
                let (status, output, error) = try Shell.run(
                    "/usr/bin/python3", ["-c", prelude + program], timeout: .seconds(120))
                guard status == 0 else { throw ShellError(command: "python3", reason: error) }
                return output
            }
        }

        @Test(.timeLimit(.minutes(10)), arguments: ["", "&format=polling"])
        func aListenerOfOsloMessagingTakesWhatTheAgentSends(query: String) async throws {
            let node = try NodeFile(instances: Self.domains)
            let agent = try startAgent(node.uri, query)
            try await waitForCycles(2)
            try await end(agent)
            let output = try await python(
                """
                import threading
                done = threading.Event()
                # Messages come on threads of their own: one of them prints.
                first = threading.Lock()
                class Endpoint(object):
                    def sample(self, ctxt, publisher_id, event_type, payload, metadata):
                        if first.acquire(blocking=False):
                            print(json.dumps([publisher_id, event_type, payload, metadata]), flush=True)
                            done.set()
                listener = oslo_messaging.get_notification_listener(
                    transport, [oslo_messaging.Target(topic="\(name)", exchange="\(name)")], [Endpoint()],
                    executor="threading")
                listener.start()
                done.wait(60)
                # Not in its own way, which waits for what else is in the queue.
                os._exit(0)
                """)
            let line = try #require(output.split(separator: "\n").first)
            let message = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
            #expect(message[1] as? String == (query.isEmpty ? "metering" : "telemetry.polling"))
            #expect(
                (message[0] as? String)?.hasPrefix(query.isEmpty ? "telemetry.publisher." : "ceilometer.polling")
                    == true)
            let samples =
                message[2] as? [[String: Any]] ?? (message[2] as? [String: Any])?["samples"] as? [[String: Any]] ?? []
            #expect(samples.count == 7)
            #expect(
                samples.allSatisfy {
                    $0["counter_name"] as? String == "cpu" && $0["message_signature"] as? String != ""
                })
            #expect((message[3] as? [String: Any])?["message_id"] != nil)
        }

        @Test(.timeLimit(.minutes(10)), arguments: ["messagingv2", "messaging"])
        func whatANotifierOfOsloMessagingSendsIsStored(driver: String) async throws {
            try directory.write("", to: "secret")  // unsigned
            try? FileManager.default.createDirectory(atPath: directory("c1"), withIntermediateDirectories: false)
            let collector = try await onThread { [self] in
                try CollectorProcess(Self.collector, folder: directory("c1"), settings: "bus_topics = \(name)\n\(bus)")
            }
            _ = try await python(
                """
                notifier = oslo_messaging.Notifier(
                    transport, driver="\(driver)", publisher_id="ceilometer.polling", topics=["\(name)"])
                def sample(n):
                    return {"source": "openstack", "counter_name": "cpu", "counter_type": "cumulative", "counter_unit": "ns",
                        "counter_volume": n, "user_id": None, "user_name": None, "project_id": "p", "project_name": None,
                        "resource_id": "vm-%d" % n, "timestamp": "2026-11-20T03:16:50.035734", "resource_metadata": {},
                        "message_id": "fdef70a6-e559-11f1-9325-02fc%08d" % n, "monotonic_time": 1.5, "message_signature": ""}
                notifier.sample({}, "telemetry.polling", {"samples": [sample(1), sample(2)]})
                notifier.sample({}, "metering", [sample(2), sample(3)])
                notifier.sample({}, "metering", {"no": "samples"})
                """)
            while try await stored(collector).count < 3 { try await Task.sleep(for: .milliseconds(50)) }
            while try collector.metric(#"samples_refused_total{receiver="bus",reason="malformed"}"#) != 1 {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try collector.metric(#"samples_stored_total{receiver="bus"}"#) == 3)
            #expect(try collector.metric(#"samples_duplicate_total{receiver="bus"}"#) == 1)
            #expect(try await Rabbit.waiting(in: "\(name).sample") == 0)
            try await onThread { collector.stop() }
            #expect(
                try collector.log.contains(
                    "last.detail=\"payload: an object; allowed: a list of samples, or samples with one\"")
                    || collector.log.contains("payload: an object; allowed: a list of samples"))
        }

        @Test(.timeLimit(.minutes(10))) func whatIsSignedWithAnotherSecretGoesToTheDeadLetters() async throws {
            let dead = "\(name)-dead"
            try await Rabbit.control(
                "set_policy", "-p", "openstack", name, "^\(name)\\.sample$",
                #"{"dead-letter-exchange":"","dead-letter-routing-key":"\#(dead)"}"#, "--apply-to", "queues")
            _ = try await python(
                """
                import kombu
                with kombu.Connection("\(Rabbit.text.replacing("rabbit://", with: "amqp://"))") as c:
                    kombu.Queue("\(dead)", durable=True)(c.default_channel).declare()
                """)
            let collector = try await onThread { [self] in try startCollector() }
            try directory.write("another secret\n", to: "secret")
            let node = try NodeFile(instances: Self.domains)
            let agent = try startAgent(node.uri)
            try await waitForCycles(1)
            try await end(agent)
            let messages = try finishedCycles() * 3
            while try await Rabbit.waiting(in: dead) < messages { try await Task.sleep(for: .milliseconds(100)) }
            #expect(try await stored(collector).isEmpty)
            #expect(
                try await onThread {
                    try collector.metric(#"samples_refused_total{receiver="bus",reason="signature"}"#)
                }
                    == (try finishedCycles() * Self.domains))
            try await onThread { collector.stop() }
            #expect(try collector.log.contains("messages were refused"))
        }
    }
}
