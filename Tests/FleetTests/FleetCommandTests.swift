// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

private let hasOpenSSL = (try? Shell.run("openssl", ["version"], timeout: .seconds(60))) != nil

/// `hypsometer fleet` as an operator uses it.
@Suite(.timeLimit(.minutes(5))) struct FleetCommandTests {
    private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func run(_ arguments: [String]) async throws -> (status: Int32, output: String, error: String) {
        try await onThread { try Shell.run(Self.binary, arguments, timeout: .seconds(60)) }
    }

    @Test func everySettingIsInTheSampleFile() async throws {
        let empty = try directory.write("", to: "empty.conf")
        let outcome = try await run(["fleet", "serve", "--print-config", "--config-file", empty])
        #expect(outcome.status == 0)
        let sample = Self.root.appending(path: "conf/fleet.conf")
        #expect(outcome.output == (try String(contentsOf: sample, encoding: .utf8)))
    }

    @Test func theSampleFilesAreTaken() async throws {
        let outcome = try await run([
            "fleet", "serve", "--validate", "--config-dir", Self.root.appending(path: "conf").path,
        ])
        #expect(outcome == (0, "The configuration is good.\n", ""))
    }

    @Test func everyMistakeIsALine() async throws {
        let path = try directory.write("[fleet]\nlisten = here\noffline_after = 0\ntoken = x\n", to: "f.conf")
        let outcome = try await run(["fleet", "serve", "--validate", "--config-file", path])
        #expect(outcome.status == 2)
        let lines = outcome.error.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.map { $0.contains("\(path):") } == [true, true, true])
    }

    @Test(.enabled(if: hasOpenSSL, "openssl is not installed")) func theServiceIsReachedOverTLS() async throws {
        let (certificate, key) = (directory("server.pem"), directory("server.key"))
        let made = try await onThread {
            try Shell.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
                    certificate,
                ], timeout: .seconds(60))
        }
        #expect(made.status == 0)
        let fleet = try await RunningFleet(directory, "tls_certificate = \(certificate)\ntls_key = \(key)")
        let service = ["--url", "https://\(fleet.address)", "--token-file", directory("admin.token")]
        let trusting = try await run(["fleet", "node", "list", "--ca", certificate] + service)
        #expect(trusting.status == 0)
        #expect(trusting.output.hasPrefix("ID  NAME"))
        // Whom nobody vouches for is told nothing.
        #expect(try await run(["fleet", "node", "list"] + service).status == 1)
        try await fleet.stop()
    }

    @Test func anOperatorGovernsAFleet() async throws {
        try ScriptedExtension(name: "rack").install(directory)
        let fleet = try await RunningFleet(directory)
        let service = ["--url", "http://\(fleet.address)", "--token-file", directory("admin.token")]
        func fleetCommand(_ words: String) async throws -> String {
            let outcome = try await run(["fleet"] + words.split(separator: " ").map(String.init) + service)
            #expect(outcome.status == 0, "\(words): \(outcome.error)")
            return outcome.output
        }
        let secret = try await fleetCommand("token create bootstrap --uses 1").trimmingCharacters(
            in: .whitespacesAndNewlines)
        let reply = try await fleet.send(
            "POST", "/v1/nodes", #"{"mac": "52:54:00:aa:00:01", "name": "c1", "status": "discover"}"#, token: secret)
        #expect(reply.status == 201)
        _ = try await fleetCommand("cluster create one --extension rack")
        _ = try await fleetCommand("cluster assign 1 1 --role compute")
        #expect(
            try await fleetCommand("node list").contains("52:54:00:aa:00:01  discover  true    1        -      compute")
        )
        #expect(try await fleetCommand("cluster check 1").contains("It can be deployed."))
        _ = try await fleetCommand("extension off rack --reason maintenance")
        #expect(try await fleetCommand("extension list").contains("maintenance"))
        _ = try await fleetCommand("extension on rack")
        #expect(try await fleetCommand("extension db status rack") == "MIGRATION  APPLIED AT\n")
        _ = try await fleetCommand("node reset 1")
        _ = try await fleetCommand("node delete 1")
        #expect(
            try await fleetCommand("events").split(separator: "\n").last?.contains("node_collection_delete") == true)
        #expect(try await fleetCommand("audit --limit 1").contains("node.delete"))
        let absent = try await run(["fleet", "node", "show", "1"] + service)
        #expect(absent == (1, "", "hypsometer: There is no node 1. (404)\n"))
        try await fleet.stop()
        let gone = try await run(["fleet", "node", "list"] + service)
        #expect(gone.status == 1)
        #expect(gone.error.hasPrefix("hypsometer: could not ask http://"))
    }
}
