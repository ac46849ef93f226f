// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import MessageBus
import TestSupport

/// What a queued notification costs: CPU time of our service and, where it is installed, of Ceilometer's own
/// notification agent, at the same broker with the same definitions. A release build is what counts.
///
///     notification-benchmark --url rabbit://user:password@127.0.0.1:5672/vhost \
///         --ceilometer venv/bin/ceilometer-agent-notification
@main struct NotificationBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notification-benchmark",
        abstract: "Measures the CPU time of a notification; 1 where a limit is passed.")

    @Option(help: "The broker.") var url: String
    @Option(help: "Notifications that wait before a service starts.") var messages = 10_000
    @Option(help: "Ceilometer's notification agent; without it ours alone is measured.") var ceilometer: String?
    @Option(help: "The program measured; the one built beside this.") var program: String?
    @Option(help: "How many times less ours has to take, where both are measured.") var least = 10.0
    @Option(help: "Microseconds of CPU time that one may cost ours.") var most = 1000.0

    func run() async throws {
        let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "hypsometer")
        let ours = try await measured(
            "hypsometer", program ?? beside.path, ["notification"], samplesEach: 6, section: "")
        var isGood = ours <= most
        print(String(format: "hypsometer: %.0f µs of CPU time each (at most %.0f)", ours, most))
        if let ceilometer {
            let theirs = try await measured(
                "ceilometer", ceilometer, [], samplesEach: 5, section: "pipelines = meter")
            print(
                String(format: "ceilometer: %.0f µs, %.1f times as much (at least %.0f)", theirs, theirs / ours, least))
            isGood = isGood && theirs >= least * ours
        }
        if !isGood { throw ExitCode(1) }
    }

    /// Microseconds of CPU time for each notification, from the start of the program to the last sample written.
    private func measured(
        _ name: String, _ program: String, _ arguments: [String], samplesEach: Int, section: String
    ) async throws -> Double {
        let folder = try TemporaryDirectory()
        let topic = "benchmark-\(name)-\(getpid())"
        try await publish(to: topic)
        let configuration = try configuration(in: folder, topic, section)
        let output = open(folder("log"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(output) }
        let child = try ChildProcess(
            program, arguments + ["--config-file", configuration], output: output, error: output)
        let deadline = ContinuousClock.now + .seconds(1800)
        while lines(folder("samples.jsonl")) < messages * samplesEach {
            guard child.status(within: .zero) == nil, ContinuousClock.now < deadline else {
                throw ShellError(command: program, reason: try folder.text("log"))
            }
            try await Task.sleep(for: .milliseconds(500))
        }
        let used = try tree(of: child.pid).reduce(0) { $0 + ((try? cpuTime(of: $1)) ?? 0) }  // may just have ended
        child.signal(SIGTERM)
        if child.status(within: .seconds(30)) == nil { child.signal(SIGKILL) }
        return Double(used) / 1000 / Double(messages)
    }

    /// A process and its children, and theirs.
    private func tree(of pid: Int32) throws -> [Int32] {
        // Any of its threads may have started some.
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
        return [pid]
            + threads.flatMap { thread -> [Int32] in
                let path = "/proc/\(pid)/task/\(thread)/children"
                let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""  // a thread may just have ended
                return text.split(separator: " ").compactMap { Int32($0) }.flatMap { (try? tree(of: $0)) ?? [] }
            }
    }

    private func lines(_ path: String) -> Int {
        (FileManager.default.contents(atPath: path) ?? Data()).count { $0 == UInt8(ascii: "\n") }
    }

    private func configuration(in folder: TemporaryDirectory, _ topic: String, _ section: String) throws -> String {
        let conf = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../conf").standardized
        try folder.write(
            """
            sources: [{name: all, meters: ["*"], sinks: [all]}]
            sinks: [{name: all, publishers: ["file://\(folder("samples.jsonl"))?json=True"]}]

            """, to: "pipeline.yaml")
        return try folder.write(
            """
            [DEFAULT]
            transport_url = \(url)
            pipeline_cfg_file = \(folder("pipeline.yaml"))
            state_dir = \(folder.path)
            [notification]
            messaging_urls = \(url)
            notification_control_exchanges = \(topic)
            spool_directory = \(folder.path)
            batch_size = 100
            batch_timeout = 1
            \(section)
            [oslo_messaging_notifications]
            topics = \(topic)
            transport_url = \(url)
            [meter]
            meter_definitions_dirs = \(conf.path)/meters.d

            """, to: "benchmark.conf")
    }

    /// Notifications that an instance was created, each with ids of its own.
    private func publish(to topic: String) async throws {
        let publisher = BusPublisher(to: try BusURL(url), BusOptions())
        for start in stride(from: 0, to: messages, by: 500) {
            try await publisher.publish(
                (start..<min(start + 500, messages)).map { number in
                    BusMessage(exchange: topic, routingKey: "\(topic).info", body: message(topic, number))
                })
        }
        await publisher.close()
    }

    private func message(_ topic: String, _ number: Int) -> [UInt8] {
        let inner =
            #"{"message_id":"\#(topic)-\#(number)","publisher_id":"compute.cn1","event_type":"#
            + #""compute.instance.create.end","priority":"INFO","timestamp":"2026-11-21 04:39:33.500036","payload":"#
            + #"{"tenant_id":"p1","user_id":"u1","instance_id":"i\#(number)","display_name":"vm1","#
            + #""instance_type":"m1.small","instance_flavor_id":"f1","memory_mb":512,"disk_gb":1,"vcpus":1,"#
            + #""root_gb":1,"ephemeral_gb":0,"host":"cn1","node":"cn1","availability_zone":"nova","#
            + #""created_at":"2026-11-21 04:39:32+00:00","terminated_at":"","deleted_at":"","#
            + #""launched_at":"2026-11-21T04:39:33.415413","state":"active","state_description":"","fixed_ips":[],"#
            + #""image_meta":{"os_distro":"debian","base_image_ref":"im1"},"metadata":{"metering.stack":"blue"}},"#
            + #""_unique_id":"\#(topic)\#(number)","_context_project_id":"p1","_context_user_id":"u1","#
            + #""_context_request_id":"req-1","_context_roles":["admin","member"],"_context_is_admin":true}"#
        return Array(#"{"oslo.version":"2.0","oslo.message":"\#(inner.replacing("\"", with: "\\\""))"}"#.utf8)
    }
}
