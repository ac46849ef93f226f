// SPDX-License-Identifier: Apache-2.0
import Foundation
import Settings
import Telemetry
import TestSupport
import Testing

@testable import CentralPollsters

/// What Ceph's object gateway says of each project. The gateway is a program of its own, which checks signatures and
/// answers as Ceph's documentation has it.
@Suite(.timeLimit(.minutes(5))) struct GatewayTests {
    private static let keys = """
        [rgw_admin_credentials]
        access_key = AKIAIOSFODNN7EXAMPLE
        secret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY

        """
    private static let named = "[service_types]\nradosgw = object-store\n"
    private static let projects = ["p1", "p2", "p3"].map { Resource(id: $0, projectID: $0) }

    /// A running gateway, and a cloud that has it in its catalog.
    private final class Lab: Sendable {
        let cloud: StubCloud
        private let directory: TemporaryDirectory
        private let child: ChildProcess

        init() throws {
            let directory = try TemporaryDirectory()
            self.directory = directory
            let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Gateway/gateway.py")
            let output = open(directory("requests"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            defer { close(output) }
            child = try ChildProcess("python3", [script.path], output: output)
            var port = ""
            while !port.hasSuffix("\n") {
                guard child.status(within: .milliseconds(20)) == nil else {
                    throw ShellError(command: "gateway.py", reason: "ended")
                }
                port = try directory.text("requests")
            }
            let url = "http://127.0.0.1:\(port.dropLast())"
            cloud = try StubCloud(services: ["object-store": "\(url)/swift/v1"]) { _ in .init(500) }
        }

        deinit { child.signal(SIGKILL) }

        /// Status and path of each, without the line of the port.
        func requests() throws -> [String] {
            try directory.text("requests").split(separator: "\n").dropFirst().map(String.init)
        }
    }

    private func lab() async throws -> Lab { try await onThread { try Lab() } }

    @Test func bucketsAreAskedForOnceForAllMetersOfAProject() async throws {
        let lab = try await lab()
        let central = try Central(lab.cloud, Self.keys + Self.named)
        let samples = try await central.poll("radosgw", Self.projects)
        #expect(
            samples.lines == [
                "radosgw.containers.objects p1/empty 0.0 object p1",
                "radosgw.containers.objects p1/logs 1002.0 object p1",
                "radosgw.containers.objects p1/photos 1.0 object p1",
                "radosgw.containers.objects.size p1/empty 0.0 B p1",
                "radosgw.containers.objects.size p1/logs 1024000.0 B p1",
                "radosgw.containers.objects.size p1/photos 43008.0 B p1", "radosgw.objects p1 1003.0 object p1",
                "radosgw.objects p2 0.0 object p2", "radosgw.objects.containers p1 3.0 object p1",
                "radosgw.objects.containers p2 0.0 object p2", "radosgw.objects.size p1 1067008.0 B p1",
                "radosgw.objects.size p2 0.0 B p2",
            ])
        #expect(samples.allSatisfy { $0.kind == .gauge && $0.userID == nil && $0.resourceMetadata.isEmpty })
        #expect(
            try lab.requests().sorted() == [
                "200 /admin/bucket?uid=p1&stats=true", "200 /admin/bucket?uid=p2&stats=true",
                "404 /admin/bucket?uid=p3&stats=true",
            ])
    }

    @Test func requestsAreCountedOverAllThatAUserDid() async throws {
        let lab = try await lab()
        let central = try Central(lab.cloud, Self.keys + Self.named)
        let samples = try await central.poll("radosgw_usage", Self.projects)
        #expect(samples.lines == ["radosgw.api.request p1 7.0 request p1", "radosgw.api.request p2 0.0 request p2"])
    }

    @Test func aProjectsUserMayBeOfATenantOfItsOwn() async throws {
        let lab = try await lab()
        let central = try Central(lab.cloud, Self.keys + Self.named + "[rgw_client]\nimplicit_tenants = true\n")
        let samples = try await central.poll("radosgw", [Self.projects[0]], meters: ["radosgw.objects"])
        #expect(samples.lines == ["radosgw.objects p1 1003.0 object p1"])
        #expect(try lab.requests() == ["200 /admin/bucket?uid=p1%24p1&stats=true"])
    }

    @Test func aGatewayMayBeFoundByItsName() async throws {
        let lab = try await lab()
        let named = Self.keys + "[rgw_client]\nrgw_service_name = object-store of the stub\n"
        #expect(try await Central(lab.cloud, named).poll("radosgw", Self.projects).count == 12)
        let absent = try Central(lab.cloud, Self.keys + "[rgw_client]\nrgw_service_name = ceph\n")
        for _ in 0..<2 { #expect(try await absent.poll("radosgw", Self.projects).isEmpty) }
        #expect(absent.log.lines.count { $0.contains("no service named ceph") } == 1)
    }

    @Test func aWrongKeyIsSaidAfterAFewTriesAndNeverShown() async throws {
        let lab = try await lab()
        let keys = Self.keys.replacing("EXAMPLEKEY", with: "SOMEOTHERKEY")
        let projects = (0..<200).map { Resource(id: "\($0)", projectID: "\($0)") }
        let central = try Central(lab.cloud, keys + Self.named, concurrency: 4)
        let error = await #expect(throws: AnswerError.self) { try await central.poll("radosgw", projects) }
        #expect(error?.status == 403 && error?.description.contains("SignatureDoesNotMatch") == true)
        #expect(error?.description.contains("wJalrXUtnFEMI") == false)
        #expect(try lab.requests().count < 20)
    }

    @Test func aUserWhoCannotBeReadCostsOnlyItself() async throws {
        let lab = try await lab()
        let central = try Central(lab.cloud, Self.keys + Self.named)
        let projects = [Resource(id: "broken", projectID: "broken")] + Self.projects
        let samples = try await central.poll("radosgw", projects, meters: ["radosgw.objects"])
        #expect(samples.map(\.resourceID).sorted() == ["p1", "p2"])
        #expect(central.log.lines.count { $0.hasPrefix("error: buckets of the object gateway fails") } == 1)
    }

    @Test func withoutAGatewayNobodyIsAsked() async throws {
        let lab = try await lab()
        #expect(try await Central(lab.cloud).poll("radosgw", Self.projects).isEmpty)
        #expect(try lab.requests().isEmpty)
    }

    private static let mistakes: [(text: String, words: String)] = [
        ("[service_types]\nradosgw = ceph\n", "given without [rgw_admin_credentials] access_key and secret_key"),
        (keys, "given without a gateway"),
        ("\(named)[rgw_admin_credentials]\naccess_key = a\n", "given without secret_key"),
        ("\(keys)\(named)[rgw_client]\ncafile = /not/there\n", "which holds nothing of the kind or can't be read"),
        (
            "\(keys)\(named)[rgw_client]\ntls_min_version = 1.3\ntls_max_version = 1.2\n",
            "1.3, with tls_max_version"
        ),
        ("\(keys)\(named)[rgw_client]\ntls_min_version = 1.1\n", "\"1.1\""),
        (
            "\(named)[rgw_admin_credentials]\naccess_key = a\nsecret_key_file = /not/there\n",
            "\"/not/there\", which cannot be read"
        ),
    ]

    @Test(arguments: mistakes)
    func halfASettingIsTold(_ text: String, _ words: String) throws {
        let error = #expect(throws: Mistakes.self) { try Central(nil, text) }
        #expect(error?.all.first?.description.contains(words) == true, "\(String(describing: error))")
        #expect(error.map { "\($0)" }?.contains("wJalrXUtnFEMI") == false)
    }
}
