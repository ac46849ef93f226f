// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

private let hasOpenSSL = (try? Shell.run("openssl", ["version"], timeout: .seconds(60))) != nil

/// The real binary, told by SIGHUP that its files were changed.
@Suite(.timeLimit(.minutes(5))) struct ReloadTests {
    private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
    private static let (old, new) = ("old-admin-token-0123456789", "new-admin-token-0123456789")

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(Self.old + "\n", to: "admin.token")
        try FileManager.default.createDirectory(atPath: directory("plugins"), withIntermediateDirectories: true)
    }

    private func status(_ fleet: FleetProcess, _ token: String, body: Int = 0) throws -> Int {
        let text = #"{"description": ""# + String(repeating: "x", count: body) + #""}"#
        return try HTTPClient(port: fleet.port).send(
            "PUT", "/v1/roles/one", headers: ["Authorization": "Bearer \(token)"], body: Array(text.utf8)
        ).status
    }

    @Test func tokensLimitsAndTheLogsLevelAreTakenWhileItServes() async throws {
        try await onThread {
            let fleet = try FleetProcess(Self.binary, directory, settings: "max_request_mib = 4")
            #expect(try status(fleet, Self.old) == 200)
            // Read, and found to be too long for a description.
            #expect(try status(fleet, Self.old, body: 2 << 20) == 400)
            try directory.write(Self.new + "\n", to: "admin.token")
            try fleet.reload(directory, "max_request_mib = 1\noffline_after = 600", defaults: "plugin_timeout = 30")
            #expect(try status(fleet, Self.old) == 401)
            #expect(try status(fleet, Self.new) == 200)
            #expect(try status(fleet, Self.new, body: 2 << 20) == 413)
            let log = try fleet.log
            #expect(log.contains("configuration reloaded"))
            #expect(log.contains("at the next start alone: [DEFAULT] plugin_dirs, plugin_timeout, state_dir"))
            #expect(!log.contains(Self.new))
            fleet.signal(SIGTERM)
            #expect(fleet.status(within: .seconds(60)) == 0)
        }
    }

    @Test func whatIsWrongIsToldAndNothingOfItIsTaken() async throws {
        try await onThread {
            let fleet = try FleetProcess(Self.binary, directory)
            try directory.write(Self.new + "\n", to: "admin.token")
            try fleet.reload(directory, "max_request_mib = 1\noffline_after = 0")
            #expect(try fleet.log.contains("configuration not reloaded, the one before stays in force: "))
            #expect(try fleet.log.contains("offline_after"))
            #expect(try status(fleet, Self.old) == 200)
            #expect(try status(fleet, Self.old, body: 2 << 20) == 400)
            // A token file that is none.
            try directory.write("short\n", to: "admin.token")
            try fleet.reload(directory)
            #expect(try status(fleet, Self.old) == 200)
            fleet.signal(SIGTERM)
            #expect(fleet.status(within: .seconds(60)) == 0)
        }
    }

    private func makeCertificate(_ name: String) throws {
        let made = try Shell.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", directory("\(name).key"),
                "-out", directory("\(name).pem"),
            ], timeout: .seconds(60))
        guard made.status == 0 else { throw ShellError(command: "openssl", reason: made.error) }
    }

    @Test(.enabled(if: hasOpenSSL, "openssl is not installed"))
    func aRenewedCertificateIsShownToWhoeverComesNext() async throws {
        try await onThread {
            for name in ["first", "second"] { try makeCertificate(name) }
            let settings = "tls_certificate = \(directory("used.pem"))\ntls_key = \(directory("used.key"))"
            func use(_ name: String) throws {
                for ending in ["pem", "key"] {
                    try directory.write(try directory.text("\(name).\(ending)"), to: "used.\(ending)")
                }
            }
            try use("first")
            let fleet = try FleetProcess(Self.binary, directory, settings: settings)
            func list(trusting name: String) throws -> Int32 {
                try Shell.run(
                    Self.binary,
                    [
                        "fleet", "node", "list", "--url", "https://127.0.0.1:\(fleet.port)", "--token-file",
                        directory("admin.token"), "--ca", directory("\(name).pem"),
                    ], timeout: .seconds(60)
                ).status
            }
            #expect(try list(trusting: "first") == 0)
            try use("second")
            try fleet.reload(directory, settings)
            #expect(try list(trusting: "second") == 0)
            #expect(try list(trusting: "first") == 1)
            // A key that isn't the certificate's changes nothing.
            try directory.write(try directory.text("first.key"), to: "used.key")
            try fleet.reload(directory, settings)
            #expect(try list(trusting: "second") == 0)
            fleet.signal(SIGTERM)
            #expect(fleet.status(within: .seconds(60)) == 0)
        }
    }
}
