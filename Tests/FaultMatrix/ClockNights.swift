// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

extension Faults {
    /// The wall clock is set a day forward or back while programs run; monotonic clocks go on, as they do then.
    @Suite(
        .enabled(if: MovedClock.unavailable == nil, Comment(rawValue: MovedClock.unavailable ?? "")),
        .timeLimit(.minutes(5)))
    struct ClockNights {
        private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
        private static let day: Int64 = 86_400
        private let directory: TemporaryDirectory
        private let folder: TemporaryDirectory
        private let clock: MovedClock

        init() throws {
            directory = try TemporaryDirectory()
            folder = try TemporaryDirectory()
            clock = try MovedClock(in: directory)
        }

        private static func words(_ seconds: Int64) -> String { seconds > 0 ? "a day forward" : "a day back" }

        @Test(
            .enabled(if: HypervisorLab.unavailable == nil, "no hypervisor can be started here"),
            arguments: [day, -day])
        func ofTheAgent(_ seconds: Int64) async throws {
            let lab = try await HypervisorLab.start { try $0.startDomains(1...2, load: 25) }
            defer { lab.purge() }
            let agent = try NightAgent(
                in: directory, publishers: ["file://\(directory("samples.jsonl"))"],
                polling: RunningAgent.polling(every: 2), domains: 2, uri: lab.uri, environment: clock.environment)
            try await agent.waitForCycles(3)
            var (cpu, began) = (try cpuTime(of: agent.pid), ContinuousClock.now)
            try await agent.waitForCycles(4)
            let usual = try cpuTime(of: agent.pid) - cpu
            clock.set(seconds)
            (cpu, began) = (try cpuTime(of: agent.pid), ContinuousClock.now)
            try await agent.waitForCycles(4)
            let pace = began.duration(to: .now)
            #expect(pace > .seconds(5) && pace < .seconds(60), "four cycles of two seconds took \(pace)")
            // In nanoseconds: nothing turns in circles.
            #expect(try cpuTime(of: agent.pid) - cpu < 2 * usual + 2_000_000_000)
            clock.set(0)
            try await agent.waitForCycles(3)
            #expect(try await agent.end() == 0)
            let readings = try directory.text("samples.jsonl").split(separator: "\n").map {
                try SampleReading(line: Data($0.utf8))
            }
            let cycles = agent.cycles
            #expect(readings.count { $0.meter == "cpu" } == 2 * cycles)
            let loads = readings.filter { $0.meter == "cpu_util" }.map(\.volume)
            #expect(loads.count == 2 * (cycles - 1))
            #expect(loads.allSatisfy { (0...110).contains($0) }, "\(loads)")
            let far = readings.count { abs($0.time.timeIntervalSinceNow - Double(seconds)) < 3600 }
            #expect(far > 0, "samples have the time that the clock told")
            #expect(agent.complaints.isEmpty, "\(agent.complaints)")
            try NightReport.add(
                "7 clock 1\(seconds)", "clock of the agent's host", Self.words(seconds),
                "no cycle is missing; `cpu_util` from \(loads.min().map { String(format: "%.0f", $0) } ?? "") to "
                    + "\(loads.max().map { String(format: "%.0f", $0) } ?? "") %; samples have the time that the clock tells"
            )
        }

        /// A collector that keeps samples for a day, and an agent whose spool does for an hour.
        @Test func forwardOfAHostWithSamplesThatWaitAndSamplesThatAreKept() async throws {
            let collector = try await onThread { [folder, clock] in
                try CollectorProcess(
                    Self.binary, folder: folder.path, settings: "retention_days = 1",
                    environment: clock.environment)
            }
            defer { collector.signal(SIGKILL) }
            let proxy = try TroubledProxy(to: collector.port)
            defer { proxy.end() }
            let agent = try NightAgent(
                in: directory, publishers: ["http://127.0.0.1:\(proxy.port)?timeout=2"],
                settings: "[publisher]\nspool_max_hours = 1", environment: clock.environment)
            try await agent.waitForCycles(3)
            try proxy.begin(.absent)
            try await agent.waitForCycles(3)
            clock.set(Self.day + 3600)
            // Both look for what is past its age at least once a minute.
            try await Task.sleep(for: .seconds(65))
            #expect(agent.lines("the clock was set").count == 1)
            try proxy.begin(.none)
            try await agent.wait { !agent.lines("publisher accepts samples again").isEmpty }
            #expect(try await agent.end() == 0)
            #expect(agent.lines("stay in the spool").isEmpty)
            let stored = try await collector.stored("cpu")
            #expect(stored.count == agent.cycles * agent.domains && Set(stored).count == stored.count)
            let log = try collector.log
            #expect(log.split(separator: "\n").count { $0.contains("the clock was set") } == 1)
            #expect(agent.lines("they are dropped").isEmpty)
            let line = agent.lines("the clock was set").first.map { $0.split(separator: "the clock").last ?? "" } ?? ""
            try NightReport.add(
                "7 clock 2", "clock of a host with the collector (keeps a day) and an agent (spool for an hour)",
                "a day forward for a minute", "nothing is deleted or dropped: `the clock\(line)`")
        }

        @Test func backOfTheCollectorsHostAlone() async throws {
            let collector = try await onThread { [folder, clock] in
                try CollectorProcess(Self.binary, folder: folder.path, environment: clock.environment)
            }
            defer { collector.signal(SIGKILL) }
            let agent = try NightAgent(in: directory, publishers: ["http://127.0.0.1:\(collector.port)?timeout=5"])
            try await agent.waitForCycles(3)
            clock.set(-Self.day)
            try await agent.waitForCycles(4)
            clock.set(0)
            try await agent.waitForCycles(2)
            #expect(try await agent.end() == 0)
            let stored = try await collector.stored("cpu")
            #expect(stored.count == agent.cycles * agent.domains && Set(stored).count == stored.count)
            #expect(agent.complaints.isEmpty, "\(agent.complaints)")
            let log = try collector.log
            #expect(log.split(separator: "\n").count { $0.contains("the clock was set") } == 1)
            #expect(log.split(separator: "\n").count { $0.contains("the clock is believed again") } == 1)
            try NightReport.add(
                "7 clock 3", "clock of the collector's host alone", "a day back",
                "samples of agents, which are a day ahead of it, are taken; it says that the clock was set")
        }

        @Test(arguments: [day, -day]) func ofTheAudits(_ seconds: Int64) async throws {
            let seconds = seconds > 0 ? seconds + 3600 : seconds - 3600
            try await onThread { [directory, clock] in
                let service = try AuditProcess(
                    Self.binary, directory,
                    settings: """
                        [watcher_decision_engine]
                        continuous_audit_interval = 1
                        check_periodic_interval = 1
                        action_plan_expiry = 24
                        [watcher_cluster_data_model_collectors.libvirt]
                        uris = test:///default
                        """, environment: clock.environment)
                defer { service.signal(SIGKILL) }
                func plans(_ name: String) -> [String] {
                    ((try? service.plans(of: name)) ?? []).compactMap { $0["state"] as? String }
                }
                for body in [
                    #"{"audit_type": "ONESHOT", "strategy": "dummy", "name": "once"}"#,
                    #"{"audit_type": "CONTINUOUS", "strategy": "dummy", "name": "beat", "interval": "2"}"#,
                ] {
                    let made = try service.send("POST", "/v1/audits", body)
                    #expect(made.status == 201, "\(made.text)")
                }
                _ = try service.audit("beat") { _ in plans("beat").count >= 2 && plans("once") == ["RECOMMENDED"] }
                clock.set(seconds)
                let before = plans("beat").count
                let began = ContinuousClock.now
                _ = try service.audit("beat") { _ in plans("beat").count >= before + 3 }
                let pace = began.duration(to: .now)
                #expect(plans("beat").count >= before + 3 && pace > .seconds(3), "three runs took \(pace)")
                #expect(plans("once") == ["RECOMMENDED"], "a plan is not superseded by a clock")
                clock.set(0)
                let later = plans("beat").count
                _ = try service.audit("beat") { _ in plans("beat").count >= later + 2 }
                #expect(plans("beat").count >= later + 2)
                #expect(plans("once") == ["RECOMMENDED"])
                service.signal(SIGTERM)
                #expect(service.status(within: .seconds(60)) == 0)
                let log = try service.log
                #expect(log.split(separator: "\n").count { $0.contains("the clock was set;") } == 1, "\(log)")
                #expect(!log.contains(" error "), "\(log)")
                try NightReport.add(
                    "7 clock 4\(seconds)", "clock of the host with the audits", Self.words(seconds),
                    "continuous audits keep their beat; no plan is superseded; it says that the clock was set")
            }
        }
    }
}
