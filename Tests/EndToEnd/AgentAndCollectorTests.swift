// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The agent and the collector together, over real domains, while either is killed.
@Suite(.enabled(if: HypervisorLab.unavailable == nil, "no hypervisor can be started here"))
struct AgentAndCollectorTests {
    private static let domains = 20
    private static let interval = 2
    private static let collector = Bundle.main.bundleURL.appending(path: "hypsometer").path

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory("spool"), withIntermediateDirectories: false)
    }

    private func configureAgent(_ uri: String, port: Int) throws {
        try directory.write(
            """
            [DEFAULT]
            libvirt_uri = \(uri)
            polling_namespaces = compute
            [polling]
            jitter = 0
            [publisher]
            spool_directory = \(directory("spool"))
            """, to: "hypsometer.conf")
        try directory.write(
            """
            sources: [{name: all, meters: ["*"], sinks: [there]}]
            sinks: [{name: there, publishers: ["http://127.0.0.1:\(port)"]}]
            """, to: "pipeline.yaml")
        try directory.write(RunningAgent.polling(every: Self.interval, meters: "*"), to: "polling.yaml")
    }

    private func startAgent() throws -> ChildProcess {
        let log = open(directory("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(log) }
        return try ChildProcess(
            RunningAgent.executable.path, ["--config-file", directory("hypsometer.conf"), "--debug"], error: log)
    }

    private func finishedCycles() throws -> Int {
        try directory.text("log").split(separator: "\n").count { $0.contains("cycle done") }
    }

    private func waitForCycles(_ count: Int) throws {
        let target = try finishedCycles() + count
        while try finishedCycles() < target { usleep(20_000) }
    }

    private func meters(port: Int) throws -> Set<String> {
        let page = try HTTPClient(port: port).send("GET", "/v1/meters?limit=1000")
        return Set((page["meters"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String })
    }

    /// All samples of a meter that the collector has: resource and time.
    private func stored(_ meter: String, port: Int) throws -> [(resource: String, time: Date)] {
        let client = try HTTPClient(port: port)
        var found: [(String, Date)] = []
        var marker = ""
        while true {
            let page = try client.send("GET", "/v1/samples?meter=\(meter)&limit=1000\(marker)")
            for sample in page["samples"] as? [[String: Any]] ?? [] {
                guard let resource = sample["resource_id"] as? String, let text = sample["timestamp"] as? String else {
                    continue
                }
                found.append((resource, try Date("\(text)Z", strategy: .iso8601WithFraction)))
            }
            guard let next = page["next_marker"] as? String else { return found }
            marker = "&marker=\(next)"
        }
    }

    @Test(.timeLimit(.minutes(5))) func eachFinishedCycleIsStoredOnceWhoeverIsKilled() async throws {
        try await onThread {
            let lab = try HypervisorLab.start()
            try lab.startDomains(1...Self.domains)
            var collector = try CollectorProcess(Self.collector, folder: directory.path)
            let port = collector.port
            func restartCollector() throws {
                collector = try CollectorProcess(
                    Self.collector, folder: directory.path, settings: "listen = 127.0.0.1:\(port)")
            }
            try configureAgent(lab.uri, port: port)
            var agent = try startAgent()
            var dead: [ClosedRange<Date>] = []
            try waitForCycles(2)
            for delay in [311_000, 1_207_000] as [UInt32] {
                usleep(delay)
                collector.signal(SIGKILL)
                _ = collector.status(within: .seconds(10))
                try waitForCycles(1)
                try restartCollector()
                try waitForCycles(1)
            }
            collector.stop()
            for round in 0..<2 {
                try waitForCycles(2 + round)
                let killed = Date()
                agent.signal(SIGKILL)
                #expect(agent.status(within: .seconds(10)) == 128 + SIGKILL)
                let before = try finishedCycles()
                agent = try startAgent()
                while try finishedCycles() == before { usleep(20_000) }
                dead.append(killed...Date())
            }
            try restartCollector()
            try waitForCycles(3)
            agent.signal(SIGTERM)
            #expect(agent.status(within: .seconds(60)) == 0)
            let log = try directory.text("log")
            // Delivered before the end: nothing is left in the spool.
            #expect(!log.contains("stay in the spool"))

            let finished = try finishedCycles()
            let meters = try meters(port: port)
            #expect(Set(["cpu", "cpu_util", "memory.resident", "disk.device.read.bytes"]).isSubset(of: meters))
            for meter in meters {
                // Of two readings: the first of each of the three agents has none.
                let isRate = ["_util", ".rate", ".iops", ".latency", ".percent"].contains { meter.hasSuffix($0) }
                let series = Dictionary(grouping: try stored(meter, port: port), by: \.resource)
                    .mapValues { $0.map(\.time).sorted() }
                if meter == "cpu" { #expect(series.count == Self.domains) }
                for (resource, times) in series {
                    #expect(times.count == Set(times).count, "\(meter) of \(resource) is there twice")
                    #expect(times.count >= finished - (isRate ? 3 : 0), "\(meter) of \(resource)")
                    #expect(times.count <= finished + 2)
                    let longest = Double((isRate ? 3 : 2) * Self.interval)
                    for (last, next) in zip(times, times.dropFirst()) where next.timeIntervalSince(last) > longest {
                        #expect(
                            dead.contains { $0.overlaps(last...next) }, "\(meter) of \(resource): \(last) to \(next)")
                    }
                }
            }
            collector.stop()
        }
    }

    @Test(.timeLimit(.minutes(5))) func aCollectorStoppedForAMinuteStopsNoPolling() async throws {
        try await onThread {
            let node = try NodeFile(instances: Self.domains)
            let collector = try CollectorProcess(Self.collector, folder: directory.path)
            try configureAgent(node.uri, port: collector.port)
            let agent = try startAgent()
            try waitForCycles(3)
            let resident = try kibibytes("RssAnon", of: agent.pid, in: "status")
            let before = try finishedCycles()
            collector.signal(SIGSTOP)
            Thread.sleep(forTimeInterval: 60)
            #expect(try finishedCycles() >= before + 60 / Self.interval - 2)
            #expect(try !directory.text("log").contains("polls are left out"))
            #expect(try kibibytes("RssAnon", of: agent.pid, in: "status") < resident + 16 << 10)
            collector.signal(SIGCONT)
            while try !directory.text("log").contains("accepts samples again") { usleep(20_000) }
            agent.signal(SIGTERM)
            #expect(agent.status(within: .seconds(60)) == 0)
            let samples = try stored("cpu", port: collector.port)
            #expect(samples.count == Self.domains * (try finishedCycles()))
            #expect(Set(samples.map(\.time)).count == (try finishedCycles()))
            collector.stop()
        }
    }
}
