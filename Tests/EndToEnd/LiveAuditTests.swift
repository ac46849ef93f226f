// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// Two hypervisors with real domains, an agent on each, our collector, and an audit that asks nobody else.
@Suite(.timeLimit(.minutes(5)), .enabled(if: HypervisorLab.unavailable == nil, "no hypervisor can be started here"))
struct LiveAuditTests {
    private let directory: TemporaryDirectory
    private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path

    init() throws { directory = try TemporaryDirectory() }

    private func startAgent(
        _ number: Int, _ uri: String, _ collector: CollectorProcess, meters: String = "cpu"
    ) throws -> ChildProcess {
        let folder = "agent-\(number)"
        try FileManager.default.createDirectory(atPath: directory(folder), withIntermediateDirectories: true)
        try directory.write(RunningAgent.polling(every: 2, meters: meters), to: "\(folder)/polling.yaml")
        try directory.write(
            """
            sources: [{name: all, meters: ["*"], sinks: [http]}]
            sinks: [{name: http, publishers: ["http://127.0.0.1:\(collector.port)/v1/samples"]}]
            """, to: "\(folder)/pipeline.yaml")
        let configuration = try directory.write(
            "[DEFAULT]\nlibvirt_uri = \(uri)\n[publisher]\nspool_directory = \(directory(folder))\n",
            to: "\(folder)/hypsometer.conf")
        return try ChildProcess(RunningAgent.executable.path, ["--config-file", configuration])
    }

    @Test func theBusyHypervisorsLighterDomainIsMovedToTheIdleOne() async throws {
        let environment = ["LAB_VCPUS": "1"]
        let busy = try await HypervisorLab.start {
            try $0.startDomains(1...1, load: 75, environment: environment)
            try $0.startDomains(2...2, load: 25, environment: environment)
        }
        let idle = try await HypervisorLab.start { try $0.startDomains(3...3, load: 0, environment: environment) }
        try await onThread {
            let collector = try CollectorProcess(Self.binary, folder: directory.path)
            let agents = [try startAgent(1, busy.uri, collector), try startAgent(2, idle.uri, collector)]
            defer { for agent in agents { agent.signal(SIGKILL) } }
            let configuration = try directory.write(
                "[watcher_datasources.hypsometer]\nurl = http://127.0.0.1:\(collector.port)\n", to: "audit.conf")
            func arguments(_ threshold: Int) -> [String] {
                [
                    "audit", "run", "--strategy", "workload_balance", "--config-file", configuration,
                    "--libvirt-uri", busy.uri, "--libvirt-uri", idle.uri, "--format", "json", "--parameters",
                    #"{"threshold": \#(threshold), "period": 20, "granularity": 20}"#,
                ]
            }
            // How much of the machine the domains get is up to what else runs on it: some threshold lies between the
            // busy hypervisor and the idle one with the lighter domain.
            var thresholds = [5, 10, 15, 20, 25, 30].makeIterator()
            var threshold = 25
            let deadline = ContinuousClock.now + .seconds(180)
            while true {
                if let next = thresholds.next() {
                    threshold = next
                } else {
                    thresholds = [5, 10, 15, 20, 25, 30].makeIterator()
                }
                let outcome = try Shell.run(Self.binary, arguments(threshold))
                if outcome.status == 0, outcome.output.contains(#""resource_id": "\#(HypervisorLab.uuid(2))""#) {
                    #expect(!outcome.output.contains(HypervisorLab.uuid(1)), "\(outcome.output)")
                    #expect(outcome.output.contains(#""datasource": "hypsometer""#))
                    break
                }
                guard ContinuousClock.now < deadline else {
                    Issue.record("no plan: \(outcome.output) \(outcome.error)")
                    break
                }
                sleep(1)
            }
            collector.signal(SIGTERM)
        }
        busy.purge()
        idle.purge()
    }

    /// Those that weigh hosts, too.
    @Test func ourAgentsTellAllThatStrategiesOfLoadAsk() async throws {
        let lab = try await HypervisorLab.start { try $0.startDomains(1...1, load: 25) }
        try await onThread {
            let collector = try CollectorProcess(Self.binary, folder: directory.path)
            let agent = try startAgent(1, lab.uri, collector, meters: "*")
            defer { agent.signal(SIGKILL) }
            let configuration = try directory.write(
                "[watcher_datasources.hypsometer]\nurl = http://127.0.0.1:\(collector.port)\n", to: "audit.conf")
            let wanted: Set = ["basic", "vm_workload_consolidation", "workload_balance", "workload_stabilization"]
            let deadline = ContinuousClock.now + .seconds(60)
            while true {
                let list = try Shell.run(
                    Self.binary, ["audit", "list", "--config-file", configuration, "--libvirt-uri", lab.uri])
                let able = list.output.split(separator: "\n").filter { $0.contains(" all (hypsometer)") }
                    .compactMap { $0.split(separator: " ").first.map(String.init) }
                if wanted.isSubset(of: able) { break }
                guard ContinuousClock.now < deadline else {
                    Issue.record("only \(able): \(list.output) \(list.error)")
                    break
                }
                sleep(1)
            }
            collector.signal(SIGTERM)
        }
        lab.purge()
    }
}
