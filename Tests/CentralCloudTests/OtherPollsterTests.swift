// SPDX-License-Identifier: Apache-2.0
import CentralPollsters
import OpenStack
import Telemetry
import TestSupport
import Testing

/// Pools, record sets, alarms, and the names of identities.
@Suite(.timeLimit(.minutes(5))) struct OtherPollsterTests {
    @Test func capacitiesOfPoolsAreAsCinderCountsThem() async throws {
        let pools = #"""
            {"pools": [
                {"name": "h@lvm#a", "capabilities": {"pool_name": "a", "total_capacity_gb": 1000,
                    "free_capacity_gb": 72.5, "allocated_capacity_gb": 4, "provisioned_capacity_gb": 10,
                    "reserved_percentage": 5, "thin_provisioning_support": true,
                    "max_over_subscription_ratio": "20.0"}},
                {"name": "h@ceph#b", "capabilities": {"total_capacity_gb": "infinite", "free_capacity_gb": "unknown",
                    "allocated_capacity_gb": 0, "provisioned_capacity_gb": 0}}]}
            """#
        let cloud = try StubCloud(services: ["block-storage": "/v3"]) { request in
            request.path == "/v3/scheduler-stats/get_pools?detail=True" ? .init(200, body: pools) : .init(404)
        }
        let samples = try await Central(cloud).poll("volume_pools")
        let prefix = "volume.provider.pool.capacity"
        #expect(
            samples.lines == [
                "\(prefix).allocated h@ceph#b 0.0 GiB -", "\(prefix).allocated h@lvm#a 4.0 GiB -",
                "\(prefix).free h@lvm#a 72.5 GiB -", "\(prefix).provisioned h@lvm#a 10.0 GiB -",
                // 20 · (1000 − 50) − 10
                "\(prefix).total h@lvm#a 1000.0 GiB -", "\(prefix).virtual_free h@lvm#a 18990.0 GiB -",
            ])
        #expect(samples.first { $0.resourceID == "h@lvm#a" }?.resourceMetadata == ["pool_name": "a"])
    }

    @Test func recordSetsAreCountedByDesignate() async throws {
        let cloud = try StubCloud(services: ["dns": "/v2"]) { request in
            guard request.headers["x-auth-all-projects"] == "True" else { return .init(403) }
            let zones = #"{"zones": [{"id": "z1", "project_id": "p1", "name": "a.example.", "ttl": 60}], "links": {}}"#
            let sets = #"{"recordsets": [{"id": "r"}], "links": {}, "metadata": {"total_count": 17}}"#
            return .init(200, body: request.path.contains("recordsets") ? sets : zones)
        }
        let samples = try await Central(cloud).poll("dns_recordsets")
        #expect(samples.lines == ["dns.zone.recordsets z1 17.0 recordset p1"])
        #expect(samples[0].resourceMetadata["name"] == "a.example." && samples[0].resourceMetadata["ttl"] == 60)
        #expect(cloud.paths == ["/v2/zones?limit=1000", "/v2/zones/z1/recordsets?limit=1"])
    }

    @Test func alarmsAreCountedByState() async throws {
        let cloud = try StubCloud(services: ["alarming": ""]) { _ in
            .init(
                200,
                body: #"{"evaluation_results": [{"alarm_id": "a1", "project_id": "p1", "#
                    + #""state_counters": {"ok": 3, "insufficient data": 0}}]}"#)
        }
        let samples = try await Central(cloud).poll("alarm_results")
        #expect(samples.map { $0.resourceMetadata["alarm_state"] } == ["ok", "insufficient data"])
        #expect(samples.map(\.volume) == [3, 0])
    }

    @Test func identitiesGetTheirNamesOnceInTenMinutes() async throws {
        let cloud = try StubCloud(services: ["identity": "/v3", "object-store": "/v1/AUTH_x"]) { request in
            switch request.path {
            case "/v3/projects/p1": .init(200, body: #"{"project": {"id": "p1", "name": "alpha"}}"#)
            case "/v1/AUTH_p1", "/v1/AUTH_p2": .init(204, headers: ["X-Account-Object-Count": "1"])
            default: .init(404)
            }
        }
        let central = try Central(cloud)
        let credentials = CloudCredentials(
            authURL: cloud.url, proof: .password(user: .init(id: "u1"), CloudSecret(StubCloud.password)))
        let names = IdentityNames(session: CloudSession(credentials), log: central.log.logger)
        let swift = names.naming(try #require(central.plugins.pollsters.first { $0.name == "swift" })).make()
        for _ in 0..<3 {
            let projects = ["p1", "p2"].map { Resource(id: $0, projectID: $0) }
            let samples = try await swift.poll(projects, meters: ["storage.objects"], in: Central.cycle())
            #expect(Set(samples.map { $0.projectName }) == ["alpha", nil])
        }
        #expect(cloud.paths.count { $0.hasPrefix("/v3/projects/") } == 2)
    }
}
