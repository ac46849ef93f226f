// SPDX-License-Identifier: Apache-2.0
import Settings
import TestSupport
import Testing

@testable import Coordination

/// What is made of servers that answer something else.
@Suite(.timeLimit(.minutes(2))) struct EtcdClientTests {
    /// Those that answer have long to do so: the machine may have other work.
    private func client(_ servers: Int..., timeout: Duration = .seconds(30)) throws -> EtcdClient {
        let hosts = servers.map { "127.0.0.1:\($0)" }.joined(separator: ",")
        return EtcdClient(try CoordinationURL("etcd3+http://\(hosts)", place: .init("test")), timeout: timeout)
    }

    private func sink(_ status: Int, _ body: String) throws -> HTTPSink {
        try HTTPSink { _ in .init(status, body: body) }
    }

    private static let granted = #"{"ID": "7587", "TTL": "10"}"#

    @Test(arguments: [
        (503, #"{"error": "etcdserver: no leader", "code": 14}"#), (500, "Internal Server Error"),
        (200, "<html></html>"),
    ])
    func whatOneServerCanNotDoAnotherOneDoes(_ status: Int, _ body: String) async throws {
        let (broken, well) = (try sink(status, body), try sink(200, Self.granted))
        let client = try client(Int(broken.port), Int(well.port))
        #expect(try await client.grantLease(seconds: 10) == "7587")
        // From now on that one is asked first.
        #expect(try await client.grantLease(seconds: 10) == "7587")
        #expect(broken.requests.count == 1 && well.requests.count == 2)
    }

    @Test func whatAnyServerWouldRefuseIsAskedOnce() async throws {
        let (first, second) = (
            try sink(404, #"{"error": "etcdserver: requested lease not found", "code": 5}"#), try sink(200, "{}")
        )
        let client = try client(Int(first.port), Int(second.port))
        let error = await #expect(throws: EtcdError.self) { try await client.put("/a", "b", lease: "1") }
        #expect(error?.description.contains("requested lease not found") == true)
        #expect(second.requests.isEmpty)
    }

    @Test func anAnswerThatStopsInTheMiddleIsNotWaitedFor() async throws {
        let well = try sink(200, Self.granted)
        let proxy = try TroubledProxy(to: Int(well.port), .hungMidway(50))
        defer { proxy.end() }
        let hasty = try client(proxy.port, timeout: .seconds(3))
        await #expect(throws: EtcdError.self) { try await hasty.grantLease(seconds: 10) }
        try proxy.begin(.none)
        #expect(try await client(proxy.port).grantLease(seconds: 10) == "7587")
    }
}
