// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The agent itself before a stub of a cloud.
@Suite(.timeLimit(.minutes(5))) struct CentralAgentTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func cloud(_ swift: @escaping @Sendable () -> HTTPSink.Answer?) throws -> StubCloud {
        let services = ["identity": "/v3", "object-store": "/v1/AUTH_x", "volumev3": "/v3/p"]
        return try StubCloud(services: services) { request in
            if request.path.hasPrefix("/v1/") { return swift() }
            if request.path == "/v3/projects" {
                return .init(200, body: #"{"projects": [{"id": "p1", "name": "alpha", "enabled": true}]}"#)
            }
            let pool = #"{"name": "h@lvm#a", "capabilities": {"pool_name": "a", "total_capacity_gb": 7}}"#
            return .init(200, body: #"{"pools": [\#(pool)]}"#)
        }
    }

    private func agent(
        _ cloud: StubCloud, _ arguments: [String]
    ) async throws -> (status: Int32, output: String, error: String) {
        let file = try directory.write(
            """
            libvirt_uri = test:///default
            [service_credentials]
            auth_url = \(cloud.url)
            username = admin
            password = \(StubCloud.password)
            project_name = admin
            default_domain_id = default

            """, to: "hypsometer.conf")
        return try await onThread {
            try Shell.run(
                Bundle.main.bundleURL.appending(path: "hypsometer-polling").path,
                ["--config-file", file, "--test"] + arguments)
        }
    }

    @Test func aServiceThatNeverAnswersCostsOnlyItsOwnMeters() async throws {
        let cloud = try cloud {
            Thread.sleep(forTimeInterval: 20)
            return nil
        }
        let outcome = try await agent(cloud, ["--polling-namespaces", "central"])
        #expect(outcome.output.contains(#""name":"volume.provider.pool.capacity.total""#))
        #expect(outcome.status == 1 && outcome.error.contains("of object-store"), "\(outcome.error)")
        #expect(outcome.error.split(separator: "\n").count == 1, "\(outcome.error)")
    }

    @Test func aProjectsAccountIsPolled() async throws {
        let cloud = try cloud { .init(204, headers: ["X-Account-Object-Count": "3"]) }
        let outcome = try await agent(cloud, ["--polling-namespaces", "central", "--pollster-list", "storage.objects"])
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.contains(#""volume":3"#) && outcome.output.contains(#""project_id":"p1""#))
        #expect(cloud.paths.sorted() == ["/v1/AUTH_p1", "/v3/projects"])
    }

    @Test func anAgentOfAHypervisorAsksNoCloud() async throws {
        let cloud = try cloud { nil }
        let outcome = try await agent(cloud, ["--polling-namespaces", "compute"])
        #expect(outcome.status == 0 && outcome.output.contains("power.state"))
        #expect(cloud.sink.requests.isEmpty)
    }

    @Test func aServiceThatNeverAnswersKeepsNoOtherMeterFromItsInterval() async throws {
        let cloud = try cloud {
            Thread.sleep(forTimeInterval: 120)
            return nil
        }
        let polling = """
            sources:
              - {name: a, interval: 2, meters: ["storage.*", "volume.provider.*"]}
              - {name: b, interval: 1, meters: ["power.state"]}

            """
        let agent = try RunningAgent(
            uri: "test:///default", polling: polling,
            settings: """
                [polling]
                jitter = 0
                [service_credentials]
                auth_url = \(cloud.url)
                username = admin
                password = \(StubCloud.password)
                project_name = admin
                default_domain_id = default

                """)
        func times(_ meter: String) throws -> [Date] {
            Set(try agent.readings().filter { $0.meter == meter }.map(\.time)).sorted()
        }
        let total = "volume.provider.pool.capacity.total"
        try await agent.wait { _ in try times(total).count >= 6 && times("power.state").count >= 10 }
        // Those beside it go on at their pace, though the store keeps each request for a minute and longer.
        for (meter, interval) in [(total, 2.0), ("power.state", 1.0)] {
            let all = try times(meter)
            let gaps = zip(all.dropFirst(), all).map { $0.timeIntervalSince($1) }.sorted()
            #expect(gaps[gaps.count / 2] < 2 * interval, "\(meter): \(gaps)")
        }
        let lines = agent.logText.split(separator: "\n")
        #expect(lines.count { $0.contains("pollster swift fails") } == 1, "said once")
    }
}
