// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import Collector

private let canRun =
    Certificates.canBeMade && (try? Shell.run("curl", ["--version"], timeout: .seconds(60)))?.status == 0

/// Over TLS, with certificates by openssl and requests by curl.
@Suite(.enabled(if: canRun, "openssl and curl are not installed"))
struct TLSTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try Certificates.make(in: directory)
    }

    private func curl(_ port: Int, _ arguments: String...) async throws -> String {
        let arguments = arguments.map { $0.hasSuffix(".pem") || $0.hasSuffix(".key") ? directory($0) : $0 }
        return try await onThread { [directory] in
            let result = try Shell.run(
                "curl",
                ["-sS", "-m", "30", "--cacert", directory("ca.pem"), "https://localhost:\(port)/health"] + arguments,
                timeout: .seconds(60))
            return result.status == 0 ? result.output : "failed"
        }
    }

    @Test func aServersCertificateIsShown() async throws {
        let collector = try await RunningCollector(
            directory, "tls_certificate = \(directory("server.pem"))\ntls_key = \(directory("server.key"))")
        #expect(try await curl(collector.port) == "{\"status\":\"ok\"}\n")
        try await collector.stop()
    }

    @Test func onlyClientsOfTheAuthorityAreServed() async throws {
        let collector = try await RunningCollector(
            directory,
            """
            tls_certificate = \(directory("server.pem"))
            tls_key = \(directory("server.key"))
            tls_client_ca = \(directory("ca.pem"))
            """)
        #expect(
            try await curl(collector.port, "--cert", "client.pem", "--key", "client.key") == "{\"status\":\"ok\"}\n")
        #expect(try await curl(collector.port) == "failed")
        #expect(try await curl(collector.port, "--cert", "other.pem", "--key", "other.key") == "failed")
        try await collector.stop()
    }
}
