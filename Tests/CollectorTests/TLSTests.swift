// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import Collector

private let canRun = ["openssl", "curl"].allSatisfy {
    (try? Shell.run($0, ["version"], timeout: .seconds(10))) != nil
}

/// Over TLS, with certificates by openssl and requests by curl.
@Suite(.enabled(if: canRun, "openssl and curl are not installed"))
struct TLSTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem"
        )
        for name in ["server", "client"] {
            try directory.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n", to: "\(name).ext")
            try openssl(
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=\(name) -keyout \(name).key -out \(name).csr"
            )
            try openssl(
                "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile \(name).ext -out \(name).pem"
            )
        }
        try openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=client -keyout other.key -out other.pem"
        )
    }

    private func openssl(_ command: String) throws {
        let arguments = command.split(separator: " ").map { word in
            let isFile = ["key", "pem", "csr", "ext"].contains { word.hasSuffix("." + $0) }
            return isFile ? directory(String(word)) : String(word)
        }
        let result = try Shell.run("openssl", arguments, timeout: .seconds(60))
        guard result.status == 0 else { throw ShellError(command: command, reason: result.error) }
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
