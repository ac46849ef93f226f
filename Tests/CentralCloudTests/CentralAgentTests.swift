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
}
