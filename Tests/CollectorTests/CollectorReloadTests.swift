// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The real collector, told by SIGHUP that its files were changed.
@Suite(.timeLimit(.minutes(5))) struct CollectorReloadTests {
    private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
    private static let (old, new) = ("old-client-token-0123456789", "new-client-token-0123456789")

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(Self.old + "\n", to: "tokens")
    }

    private func reload(_ collector: CollectorProcess) throws {
        func count() throws -> Int { try collector.log.matches(of: /configuration (not )?reloaded/).count }
        let before = try count()
        collector.signal(SIGHUP)
        let deadline = ContinuousClock.now + .seconds(60)
        while try count() == before, ContinuousClock.now < deadline { usleep(5000) }
    }

    private func status(_ collector: CollectorProcess, _ token: String) throws -> Int {
        try HTTPClient(port: collector.port)
            .send("GET", "/v1/meters", headers: ["Authorization": "Bearer \(token)"]).status
    }

    @Test func tokensAreTakenWhileItServes() async throws {
        try await onThread {
            let collector = try CollectorProcess(
                Self.binary, folder: directory.path, settings: "token_file = \(directory("tokens"))")
            #expect(try status(collector, Self.old) == 200)
            try directory.write(Self.new + "\n", to: "tokens")
            let settings = try directory.text("collector.conf")
            try directory.write(settings.replacing("3650", with: "7"), to: "collector.conf")
            try reload(collector)
            #expect(try status(collector, Self.old) == 401)
            #expect(try status(collector, Self.new) == 200)
            let log = try collector.log
            #expect(log.contains("takes effect at the next start alone: [collector] retention_days\n"), "\(log)")
            #expect(!log.contains(Self.new))
            collector.signal(SIGTERM)
            #expect(collector.status(within: .seconds(60)) == 0)
        }
    }

    @Test func whatIsWrongIsToldAndNothingOfItIsTaken() async throws {
        try await onThread {
            let collector = try CollectorProcess(
                Self.binary, folder: directory.path, settings: "token_file = \(directory("tokens"))")
            try directory.write("short\n", to: "tokens")
            try reload(collector)
            #expect(try collector.log.contains("the one before stays in force: \(directory("tokens")):1: a token"))
            #expect(try status(collector, Self.old) == 200)
            // Without tokens everybody could come in.
            let settings = try directory.text("collector.conf")
            try directory.write(settings.replacing(/token_file.*/, with: ""), to: "collector.conf")
            try reload(collector)
            #expect(try collector.log.contains("takes effect at the next start alone: [collector] token_file"))
            #expect(try status(collector, "") == 401)
            #expect(try status(collector, Self.old) == 200)
            collector.signal(SIGTERM)
            #expect(collector.status(within: .seconds(60)) == 0)
        }
    }

    @Test(.enabled(if: Certificates.canBeMade, "openssl is not installed"))
    func aRenewedCertificateIsShownToWhoeverComesNext() async throws {
        try await onThread {
            func use(_ name: String) throws {
                let made = try TemporaryDirectory()
                try Certificates.make(in: made)
                for file in ["server.pem", "server.key"] { try directory.write(try made.text(file), to: file) }
                try directory.write(try made.text("ca.pem"), to: "\(name).pem")
            }
            func health(_ collector: CollectorProcess, trusting name: String) throws -> Int32 {
                try Shell.run(
                    "curl",
                    [
                        "-sSf", "-m", "30", "--cacert", directory("\(name).pem"),
                        "https://localhost:\(collector.port)/health",
                    ], timeout: .seconds(60)
                ).status
            }
            try use("first")
            let collector = try CollectorProcess(
                Self.binary, folder: directory.path,
                settings: "tls_certificate = \(directory("server.pem"))\ntls_key = \(directory("server.key"))")
            #expect(try health(collector, trusting: "first") == 0)
            try use("second")
            try reload(collector)
            #expect(try health(collector, trusting: "second") == 0)
            #expect(try health(collector, trusting: "first") != 0)
            collector.signal(SIGTERM)
            #expect(collector.status(within: .seconds(60)) == 0)
        }
    }
}
