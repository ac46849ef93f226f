// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// What the service that runs audits stands between: systemd, clients over TLS, a cloud that doesn't have everything.
@Suite(.timeLimit(.minutes(5))) struct AuditServingTests {
    private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test(.enabled(if: Certificates.canBeMade, "openssl is not installed"))
    func onlyWhoTrustsItsAuthoritySpeaksWithIt() async throws {
        try await onThread {
            try Certificates.make(in: directory)
            let service = try AuditProcess(
                Self.binary, directory,
                settings: """
                    tls_certificate = \(directory("server.pem"))
                    tls_key = \(directory("server.key"))
                    """)
            func ask(_ arguments: String...) throws -> (status: Int32, output: String, error: String) {
                try Shell.run(
                    Self.binary, ["audit", "show", "--url", "https://localhost:\(service.port)"] + arguments)
            }
            let trusting = try ask("--ca", directory("ca.pem"))
            #expect(trusting.status == 0 && trusting.output.hasPrefix("UUID"), "\(trusting.error)")
            let stranger = try ask("--ca", directory("other.pem"))
            #expect(stranger.status == 1 && stranger.error.contains("could not ask https://localhost"))
            #expect(throws: (any Error).self) { try service.send("GET", "/health") }
            service.signal(SIGTERM)
            #expect(service.status(within: .seconds(60)) == 0)
        }
    }

    @Test func halfOfWhatTLSNeedsIsSaidBeforeItStarts() async throws {
        let file = try directory.write("[audit]\ntls_key = /nowhere/server.key\n", to: "h.conf")
        let outcome = try await onThread {
            try Shell.run(Self.binary, ["audit", "serve", "--validate", "--config-file", file])
        }
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("h.conf:2: [audit] tls_key: no tls_certificate beside it"), "\(outcome.error)")
    }

    @Test func systemdIsToldWhenItIsReadyAliveAndEnds() async throws {
        let socket = try NotifySocket()
        let service = try await onThread {
            try AuditProcess(
                Self.binary, directory,
                environment: ["NOTIFY_SOCKET": socket.address, "WATCHDOG_USEC": "200000"])
        }
        defer { service.signal(SIGKILL) }
        var messages: [String] = []
        while !messages.contains(where: { $0.hasPrefix("READY=1") }) { messages.append(try await socket.waitForNext()) }
        #expect(messages.last?.contains("Listening on 127.0.0.1:\(service.port)") == true, "\(messages)")
        while messages.last != "WATCHDOG=1" { messages.append(try await socket.waitForNext()) }
        service.signal(SIGTERM)
        while messages.last != "STOPPING=1" { messages.append(try await socket.waitForNext()) }
        let status = try await onThread { service.status(within: .seconds(60)) }
        #expect(status == 0)
    }

    /// Most clouds have no Ironic, and many no Cinder.
    @Test func servicesThatTheCatalogLacksAreLeftOutWithALineEach() async throws {
        let cloud = try StubCloud(services: ["compute": "/compute", "placement": "/placement"]) { request in
            switch request.path.prefix(while: { $0 != "?" }) {
            case "/compute/os-hypervisors/detail": .init(200, body: #"{"hypervisors": []}"#)
            case "/compute/servers/detail": .init(200, body: #"{"servers": []}"#)
            default: .init(404)
            }
        }
        try await onThread {
            let service = try AuditProcess(
                Self.binary, directory,
                settings: """
                    [watcher_cluster_data_model_collectors.baremetal]
                    period = 1
                    [service_credentials]
                    auth_url = \(cloud.url)/v3
                    username = ceilometer
                    password = \(StubCloud.password)
                    project_name = service
                    user_domain_id = default
                    project_domain_id = default
                    """)
            func leftOut() throws -> [Substring] {
                try service.log.split(separator: "\n").filter { $0.contains("it is left out") }
            }
            let deadline = ContinuousClock.now + .seconds(60)
            while try leftOut().count < 2, ContinuousClock.now < deadline { usleep(50_000) }
            usleep(2_500_000)
            let (lines, log) = (try leftOut(), try service.log)
            #expect(lines.count == 2, "\(log)")
            for name in ["baremetal", "block-storage"] {
                let isSaid = lines.contains {
                    $0.contains(" info ")
                        && $0.contains(
                            "the cloud's catalog has no service \(name); it has compute, placement")
                }
                #expect(isSaid, "\(lines)")
            }
            #expect(!log.contains(" error "), "\(log)")
            let state = try service.send("GET", "/v1/strategies/zone_migration/state").text
            #expect(state.contains("storage is left out: the cloud's catalog has no service block-storage"), "\(state)")
            service.signal(SIGTERM)
            #expect(service.status(within: .seconds(60)) == 0)
        }
    }
}
