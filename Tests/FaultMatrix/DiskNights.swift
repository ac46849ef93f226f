// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

extension Faults {
    /// Disks that are full: what was accepted stays, what isn't is told, and all is well once there is room again. The
    /// fleet's store has its test in `FleetTests/ContentionTests`.
    @Suite(
        .enabled(if: SmallDisk.unavailable == nil, Comment(rawValue: SmallDisk.unavailable ?? "")),
        .timeLimit(.minutes(5)))
    struct DiskNights {
        private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
        private let directory: TemporaryDirectory
        private let folder: TemporaryDirectory

        init() throws {
            directory = try TemporaryDirectory()
            folder = try TemporaryDirectory()
        }

        private func lines(_ log: String, _ words: String) -> [Substring] {
            log.split(separator: "\n").filter { $0.contains(words) }
        }

        private func reason(_ line: Substring?) -> String {
            let error = line.flatMap { line in line.firstRange(of: "error=").map { line[$0.upperBound...] } } ?? ""
            return error.split(separator: " publisher=").first.map { "`\($0)`" } ?? ""
        }

        private func check(_ agent: NightAgent, _ collector: CollectorProcess, complaints: Int) async throws {
            try await agent.waitForCycles(2)
            #expect(try await agent.end() == 0)
            let stored = try await collector.stored("cpu")
            #expect(stored.count == agent.cycles * agent.domains && Set(stored).count == stored.count)
            #expect(agent.lines("stay in the spool").isEmpty)
            #expect(agent.complaints.count == complaints, "\(agent.complaints)")
        }

        /// The way it was told; the paths of tests' disks are nobody's business.
        private func told(_ line: Substring?, _ disk: SmallDisk) -> String {
            reason(line).replacing(disk.path, with: "/var/lib/hypsometer")
        }

        @Test func ofTheAgentsSpoolWhileNobodyTakesItsSamples() async throws {
            let disk = try SmallDisk(mebibytes: 4)
            let collector = try await onThread { [folder] in
                try CollectorProcess(Self.binary, folder: folder.path)
            }
            defer { collector.signal(SIGKILL) }
            let proxy = try TroubledProxy(to: collector.port)
            defer { proxy.end() }
            let agent = try NightAgent(
                in: directory, publishers: ["http://127.0.0.1:\(proxy.port)?timeout=2"], spool: disk.path)
            try await agent.waitForCycles(2)
            try proxy.begin(.absent)
            try await agent.waitForCycles(2)
            try disk.fill()
            try await agent.wait { !agent.lines("samples can't be spooled; they wait in memory").isEmpty }
            try await agent.waitForCycles(4)
            disk.free()
            try await agent.wait { !agent.lines("samples are spooled again").isEmpty }
            try proxy.begin(.none)
            try await agent.wait { !agent.lines("publisher accepts samples again").isEmpty }
            try await check(agent, collector, complaints: 2)
            let line = agent.lines("samples can't be spooled").first
            try NightReport.add(
                "6 disk 1", "disk of the agent's spool, and nobody takes samples", "full",
                "samples wait in memory, then on the disk again: \(told(line, disk))")
        }

        @Test func ofTheCollectorsStore() async throws {
            let disk = try SmallDisk(mebibytes: 8)
            let collector = try await onThread { [folder] in
                try CollectorProcess(Self.binary, folder: folder.path, database: disk.path + "/samples.db")
            }
            defer { collector.signal(SIGKILL) }
            let agent = try NightAgent(in: directory, publishers: ["http://127.0.0.1:\(collector.port)?timeout=5"])
            try await agent.waitForCycles(3)
            try disk.fill()
            try await agent.wait { !agent.lines("publisher refuses samples").isEmpty }
            let before = try await collector.stored("cpu").count
            try await agent.waitForCycles(3)
            #expect(try await collector.stored("cpu").count == before, "it answers what it has")
            disk.free()
            try await agent.wait { !agent.lines("publisher accepts samples again").isEmpty }
            try await check(agent, collector, complaints: 1)
            let log = try collector.log
            #expect(lines(log, "samples can't be stored; senders are told to wait").count == 1)
            #expect(lines(log, "samples are stored again").count == 1)
            // All of it is on the disk: another one finds it.
            let expected = try await collector.stored("cpu").count
            try await onThread { collector.stop() }
            let next = try await onThread { [folder] in
                try CollectorProcess(Self.binary, folder: folder.path, database: disk.path + "/samples.db")
            }
            defer { next.signal(SIGKILL) }
            #expect(try await next.stored("cpu").count == expected)
            let line = agent.lines("publisher refuses samples").first
            try NightReport.add(
                "6 disk 2", "disk of the collector's store", "full",
                "it answers questions and says 503, agents keep samples: \(told(line, disk))")
        }

        @Test func ofTheAuditsStore() async throws {
            let disk = try SmallDisk(mebibytes: 4)
            try FileManager.default.createSymbolicLink(
                atPath: directory("audits.db"), withDestinationPath: disk.path + "/audits.db")
            try await onThread { [directory] in
                let service = try AuditProcess(
                    Self.binary, directory,
                    settings: "[watcher_cluster_data_model_collectors.libvirt]\nuris = test:///default\n")
                defer { service.signal(SIGKILL) }
                func plans() -> Int { (try? service.plans(of: "beat").count) ?? 0 }
                let made = try service.send(
                    "POST", "/v1/audits",
                    #"{"audit_type": "CONTINUOUS", "strategy": "dummy", "name": "beat", "interval": "1"}"#)
                #expect(made.status == 201)
                _ = try service.audit("beat") { _ in plans() >= 2 }
                try disk.fill()
                let deadline = ContinuousClock.now + .seconds(60)
                var refused = try service.send("PATCH", "/v1/audits/beat", Self.renaming)
                while refused.status != 503, ContinuousClock.now < deadline {
                    usleep(200_000)
                    refused = try service.send("PATCH", "/v1/audits/beat", Self.renaming)
                }
                #expect(refused.status == 503, "\(refused.text)")
                #expect(refused["detail"] as? String == "There is no room left for the database.")
                while try !service.log.contains(" fails; trying again"), ContinuousClock.now < deadline {
                    usleep(50_000)
                }
                let before = plans()
                #expect(before >= 2, "what there is can be read")
                disk.free()
                _ = try service.audit("beat") { _ in plans() >= before + 2 }
                #expect(plans() >= before + 2)
                service.signal(SIGTERM)
                #expect(service.status(within: .seconds(60)) == 0)
                let log = try service.log
                let fails = log.split(separator: "\n").filter { $0.contains(" fails; trying again") }
                let works = log.split(separator: "\n").filter { $0.contains(" works again") }
                #expect(fails.count == works.count && (1...4).contains(fails.count), "\(log)")
                try NightReport.add(
                    "6 disk 3", "disk of the audits' store", "full",
                    "it answers questions, refuses changes with 503 and goes on with audits once there is room: "
                        + "`\(refused["detail"] as? String ?? "")`")
            }
        }

        private static let renaming = #"[{"op": "replace", "path": "/interval", "value": "1"}]"#
    }
}
