// SPDX-License-Identifier: Apache-2.0
import OpenStack
import TestSupport
import Testing

/// Which address is asked.
@Suite(.timeLimit(.minutes(5))) struct EndpointTests {
    private func cloud() throws -> StubCloud {
        let services = ["volumev3": "/v3/p1/", "network": "", "dns": "/v2", "metering": "/m"]
        return try StubCloud(services: services) { _ in .init(200, body: "{}") }
    }

    private func asked(_ request: ServiceRequest) async throws -> HTTPSink.Request? {
        let cloud = try cloud()
        _ = try await cloud.session.answer(to: request)
        return cloud.sink.requests.last
    }

    @Test func aServiceIsFoundUnderItsOtherNames() async throws {
        let request = try await asked(ServiceRequest("block-storage", "volumes/detail", microversion: "3.64"))
        #expect(request?.path == "/v3/p1/volumes/detail")
        #expect(request?.headers["openstack-api-version"] == "volume 3.64")
    }

    @Test func aVersionStandsOnce() async throws {
        #expect(try await asked(ServiceRequest("dns", "v2/zones"))?.path == "/v2/zones")
        #expect(try await asked(ServiceRequest("network", "v2.0/networks"))?.path == "/v2.0/networks")
    }

    @Test func aPathWithASlashReplacesTheAddressesOwn() async throws {
        #expect(try await asked(ServiceRequest("metering", "/healthcheck"))?.path == "/healthcheck")
    }

    @Test func queriesAreEncoded() async throws {
        let request = ServiceRequest("metering", "x?a=1", query: ["name": "a b&c", "ü": "/"])
        #expect(try await asked(request)?.path == "/m/x?a=1&name=a%20b%26c&%C3%BC=%2F")
    }

    @Test func noTokenGoesToAHostThatTheCatalogDoesNotName() async throws {
        let cloud = try cloud()
        let other = try HTTPSink()
        defer { other.stop() }
        let error = await cloudError {
            _ = try await cloud.session.answer(to: ServiceRequest("dns", "\(other.url)/v2/zones"))
        }
        #expect(error?.kind == .noSuchEndpoint && other.requests.isEmpty)
        _ = try await cloud.session.answer(to: ServiceRequest("dns", "\(cloud.url)/else"))
        #expect(cloud.paths == ["/else"])
    }

    @Test func anUnknownServiceIsToldWithThoseThatThereAre() async throws {
        let cloud = try cloud()
        let error = await cloudError { _ = try await cloud.session.answer(to: ServiceRequest("image", "v2/images")) }
        #expect(
            error?.description
                == "the cloud's catalog has no service image; it has dns, metering, network, volumev3")
        #expect(try await cloud.session.endpoint(of: "image") == nil)
    }

    @Test func aWrongRegionOrInterfaceIsTold() async throws {
        let cloud = try cloud()
        var credentials = cloud.credentials
        credentials.region = "RegionTwo"
        credentials.interfaces = ["internal"]
        let session = CloudSession(credentials)
        let error = await cloudError { _ = try await session.answer(to: ServiceRequest("dns", "v2/zones")) }
        #expect(
            error?.description
                == "the catalog has dns as public in RegionOne, not as internal in RegionTwo; check interface and "
                + "region_name")
    }
}
