// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// Whether the nights of real services are tried: minutes.
private let unavailable =
    ProcessInfo.processInfo.environment["HYPSOMETER_FAULT_MATRIX"] == "1"
    ? ServicesLab.unavailable : "takes minutes: set HYPSOMETER_FAULT_MATRIX=1"

/// Bad nights of real services, of which `docs/faults.md` has a table.
@Suite(.enabled(if: unavailable == nil, Comment(rawValue: unavailable ?? "")), .serialized) enum ServiceNights {}

extension ServiceNights {
    /// An agent that polls Keystone and domains in one cycle, and sends to Gnocchi and to a file; Keystone and Gnocchi are
    /// real, with a proxy before each.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct CloudNights {
        private let lab = ServicesLab.shared
        private let directory: TemporaryDirectory
        private let keystone: TroubledProxy
        private let gnocchi: TroubledProxy
        /// A resource type of this test's own.
        private let type = "instance_\(UUID().uuidString.prefix(8).lowercased())"

        init() async throws {
            try await lab.up("gnocchi")
            directory = try TemporaryDirectory()
            // Another test's, of another type: an identifier is one resource's alone.
            for domain in 1...5 {
                _ = try? await lab.api("DELETE", "gnocchi", "/v1/resource/generic/\(HypervisorLab.uuid(domain))")
            }
            let environment = try await lab.environment()
            func port(_ name: String) throws -> Int { try #require(URL(string: environment[name] ?? "")?.port) }
            let real = try (keystone: port("OS_AUTH_URL"), gnocchi: port("OSLAB_GNOCCHI_URL"))
            gnocchi = try TroubledProxy(to: real.gnocchi)
            // What the catalog says leads through the proxies too.
            keystone = try TroubledProxy(
                to: real.keystone, replacing: [":\(real.gnocchi)\"": ":\(gnocchi.port)\""], isNamed: true)
        }

        private func agent(_ environment: [String: String] = [:]) throws -> NightAgent {
            try directory.write(
                """
                archive_policy_default: p-\(type)
                archive_policies:
                  - {name: p-\(type), aggregation_methods: [count], definition: [{granularity: 1 second, timespan: 1 hour}]}
                resources:
                  - {resource_type: \(type), metrics: {cpu: }, attributes: {host: resource_metadata.instance_host}}
                """, to: "resources.yaml")
            try directory.write(
                """
                - {name: project.enabled, sample_type: gauge, unit: project, endpoint_type: identity, url_path: v3/projects,
                   response_entries_key: projects, value_attribute: enabled, value_mapping: {true: 1, false: 0}}

                """, to: "pollsters.d/projects.yaml")
            return try NightAgent(
                in: directory,
                publishers: [
                    "gnocchi://?resources_definition_file=\(directory("resources.yaml"))&timeout=2",
                    "file://\(directory("samples.jsonl"))",
                ],
                polling: "sources: [{name: all, interval: 2, meters: [cpu, project.enabled]}]\n",
                settings: """
                    polling_namespaces = compute,central
                    [service_credentials]
                    auth_url = http://127.0.0.1:\(keystone.port)/v3
                    username = admin
                    password = \(ServicesLab.password)
                    project_name = admin
                    user_domain_id = default
                    project_domain_id = default
                    """, environment: environment)
        }

        private func readings(_ meter: String) throws -> [SampleReading] {
            try directory.text("samples.jsonl").split(separator: "\n").map { try SampleReading(line: Data($0.utf8)) }
                .filter { $0.meter == meter }
        }

        /// The measures of `cpu` that Gnocchi has of a domain.
        private func measures(_ domain: Int) async throws -> Int {
            let path =
                "/v1/resource/\(type)/\(HypervisorLab.uuid(domain))/metric/cpu/measures?granularity=1&aggregation=count"
                + "&refresh=true"
            guard let text = try? await lab.api("GET", "gnocchi", path) else { return 0 }  // not there yet
            let rows = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[Any]] ?? []
            return rows.reduce(0) { $0 + (($1.last as? NSNumber)?.intValue ?? 0) }
        }

        /// All domains were read in each cycle whatever happened, and Gnocchi has each of these readings once.
        private func check(_ agent: NightAgent) async throws {
            try await agent.waitForCycles(2)
            #expect(try await agent.end() == 0)
            let cpu = try readings("cpu")
            let times = Set(cpu.map(\.time)).sorted()
            #expect(cpu.count == agent.domains * times.count)
            let gaps = zip(times, times.dropFirst()).map { $1.timeIntervalSince($0) }
            #expect(gaps.allSatisfy { $0 < 3 }, "\(gaps)")
            #expect(agent.lines("polls are left out").isEmpty)
            #expect(agent.lines("stay in the spool").isEmpty)
            for domain in [1, agent.domains] {
                #expect(try await eventually { try await measures(domain) == times.count })
            }
            #expect(!agent.log.contains(ServicesLab.password))
        }

        /// But for the meter that Gnocchi is to get nothing of.
        private func complaints(_ agent: NightAgent) -> [Substring] {
            agent.complaints.filter { !$0.contains("no resource definition has this meter") }
        }

        private func reason(_ line: Substring?) -> String {
            let error = line.flatMap { line in line.firstRange(of: "error=").map { line[$0.upperBound...] } } ?? ""
            let words = error.split(separator: " publisher=").first?.split(separator: " [Daemon]").first
            return words.map { "`\($0)`" } ?? "nothing is said"
        }

        @Test(arguments: TroubledProxy.httpTroubles.indices) func ofGnocchi(_ index: Int) async throws {
            let (words, trouble) = TroubledProxy.httpTroubles[index]
            let agent = try agent()
            try await agent.wait { try agent.cycles >= 2 && !readings("project.enabled").isEmpty }
            try gnocchi.begin(trouble)
            var faults = 1
            if case .slow = trouble { faults = 0 }
            try await agent.waitForCycles(3)
            try await agent.wait { agent.lines("publisher refuses samples").count >= faults }
            try gnocchi.begin(.none)
            try await agent.wait { agent.lines("publisher accepts samples again").count >= faults }
            try await check(agent)
            #expect(complaints(agent).count == faults, "\(complaints(agent))")
            try NightReport.add(
                "3 gnocchi \(index)", "Gnocchi", words,
                faults == 0
                    ? "samples come later; nothing is said"
                    : "samples wait in the spool: \(reason(agent.lines("publisher refuses samples").first))")
        }

        @Test(arguments: TroubledProxy.httpTroubles.indices) func ofKeystone(_ index: Int) async throws {
            let (words, trouble) = TroubledProxy.httpTroubles[index]
            let agent = try agent()
            try await agent.wait { try agent.cycles >= 2 && !readings("project.enabled").isEmpty }
            try keystone.begin(trouble)
            var faults = 1
            if case .slow = trouble { faults = 0 }
            try await agent.waitForCycles(3)
            try await agent.wait { agent.lines("pollster project.enabled fails").count >= faults }
            let before = try readings("project.enabled").count
            try keystone.begin(.none)
            try await agent.wait { try readings("project.enabled").count > before }
            try await check(agent)
            #expect(agent.lines("pollster project.enabled works again").count == faults)
            #expect(complaints(agent).count == faults, "\(complaints(agent))")
            try NightReport.add(
                "4 keystone \(index)", "Keystone", words,
                faults == 0
                    ? "nothing is missing, nothing is said"
                    : "what is polled of it is missing, nothing else: "
                        + reason(agent.lines("pollster project.enabled fails").first))
        }

        @Test(arguments: [TroubledProxy.Trouble.absent, .hung, .rubbish(TroubledProxy.Rubbish.page)])
        func ofKeystoneFromTheStart(_ trouble: TroubledProxy.Trouble) async throws {
            try keystone.begin(trouble)
            let agent = try agent()
            try await agent.waitForCycles(4)
            try await agent.wait { !agent.lines("publisher refuses samples").isEmpty }
            // Where Keystone itself says nothing, it is not known who else to ask: the discovery fails.
            try await agent.wait { !agent.lines("fails; trying again each cycle").isEmpty }
            try keystone.begin(.none)
            try await agent.wait { !agent.lines("publisher accepts samples again").isEmpty }
            try await agent.wait { try !readings("project.enabled").isEmpty }
            try await check(agent)
            #expect(complaints(agent).count == 2, "\(complaints(agent))")
            let words =
                switch trouble {
                case .absent: "absent at start"
                case .hung: "hung from the start"
                default: "rubbish from the start: 200 and a page"
                }
            try NightReport.add(
                "4 keystone a \(words)", "Keystone", words,
                "Gnocchi's samples wait in the spool: \(reason(agent.lines("publisher refuses samples").first))")
        }

        @Test(
            .enabled(if: MovedClock.unavailable == nil, Comment(rawValue: MovedClock.unavailable ?? "")),
            arguments: [86_400, -86_400] as [Int64])
        func ofTheClockWhileATokenIsHeld(_ seconds: Int64) async throws {
            let clock = try MovedClock(in: directory)
            let agent = try agent(clock.environment)
            try await agent.wait { try agent.cycles >= 2 && !readings("project.enabled").isEmpty }
            clock.set(seconds)
            let before = try readings("project.enabled").count
            try await agent.waitForCycles(4)
            #expect(try readings("project.enabled").count > before)
            #expect(keystone.asked < 20, "the token that there is goes on")
            clock.set(0)
            try await agent.waitForCycles(2)
            #expect(try await agent.end() == 0)
            #expect(complaints(agent).isEmpty, "\(complaints(agent))")
            try NightReport.add(
                "7 clock 6\(seconds)", "clock of an agent that polls a cloud",
                seconds > 0 ? "a day forward" : "a day back", "its token goes on; nothing is missing, nothing is said")
        }
    }
}
