// SPDX-License-Identifier: Apache-2.0
import CentralPollsters
import OpenStack
import Telemetry
import TestSupport
import Testing

/// What there is to be metered in a cloud.
@Suite(.timeLimit(.minutes(5))) struct DiscoveryTests {
    private func cloud(_ services: [String: String], _ bodies: [String: String]) throws -> StubCloud {
        try StubCloud(services: services) { request in
            bodies[request.path].map { .init(200, body: $0) } ?? .init(404, body: request.path)
        }
    }

    private static let projects = [
        "/v3/projects": #"""
        {"projects": [
            {"id": "p1", "name": "alpha", "enabled": true, "domain_id": "d1"},
            {"id": "p2", "name": "closed", "enabled": false, "domain_id": "d1"},
            {"id": "p3", "name": "far", "enabled": true, "domain_id": "d2"}], "links": {"next": null}}
        """#,
        "/v3/domains": #"{"domains": [{"id": "d1", "enabled": true}, {"id": "d2", "enabled": false}]}"#,
    ]

    @Test func allProjectsAreFoundInOneRequest() async throws {
        let cloud = try cloud(["identity": "/v3"], Self.projects)
        let found = try await Central(cloud).discover("tenant")
        #expect(found.map(\.id) == ["p1", "p2", "p3"] && found.allSatisfy { $0.projectID == $0.id })
        #expect(cloud.paths == ["/v3/projects"])
    }

    @Test func disabledProjectsAndThoseOfDisabledDomainsMayBeLeftOut() async throws {
        let cloud = try cloud(["identity": "/v3"], Self.projects)
        let central = try Central(cloud, "[polling]\nignore_disabled_projects = true")
        #expect(try await central.discover("tenant").map(\.id) == ["p1"])
    }

    @Test func addressesComeFromTheCatalog() async throws {
        let cloud = try cloud(["image": "/i", "volumev3": "/v3/p"], [:])
        let central = try Central(cloud)
        #expect(try await central.discover("endpoint", "block-storage").map(\.id) == ["\(cloud.url)/v3/p"])
        #expect(try await central.discover("endpoint").map(\.id) == ["\(cloud.url)/i", "\(cloud.url)/v3/p"])
        #expect(try await central.discover("endpoint", "dns").isEmpty)
    }

    @Test func aConnectionsKeyIsNotAmongItsMetadata() async throws {
        let cloud = try cloud(
            ["network": ""],
            [
                "/v2.0/vpn/ipsec-site-connections":
                    #"{"ipsec_site_connections": [{"id": "c1", "tenant_id": "p1", "psk": "open sesame", "mtu": 1500}]}"#
            ])
        let found = try #require(try await Central(cloud).discover("ipsec_connections").first)
        #expect(found.id == "c1" && found.projectID == "p1")
        #expect(found.metadata["mtu"] == 1500 && found.metadata["psk"] == nil)
    }

    @Test func aPartThatAServiceDoesWithoutIsNoFailure() async throws {
        let cloud = try cloud(["network": ""], [:])
        #expect(try await Central(cloud).discover("vpn_services").isEmpty)
    }

    @Test func withoutACloudNothingIsFoundAndThatIsSaidOnce() async throws {
        let central = try Central(nil)
        for name in ["tenant", "images", "endpoint", "tenant"] { #expect(try await central.discover(name).isEmpty) }
        #expect(try await central.poll("swift").isEmpty)
        #expect(central.log.lines.count { $0.contains("no cloud is configured") } == 1)
    }

    @Test func everyDefaultDiscoveryIsThere() throws {
        let plugins = try Central(nil).plugins
        let names = Set(plugins.discoveries.map(\.name))
        #expect(plugins.pollsters.allSatisfy { names.contains($0.defaultDiscovery ?? "") })
        #expect(plugins.pollsters.allSatisfy { $0.namespaces == ["central"] })
    }
}
