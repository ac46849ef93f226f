// SPDX-License-Identifier: Apache-2.0
import Digests
import Foundation
import Telemetry
import TestSupport
import Testing
import Wire

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

    /// As tokens are: both are good until every sender has the new one.
    @Test func aSecretIsChangedWithoutALoss() async throws {
        try await onThread {
            try directory.write("old\n", to: "secret")
            let collector = try CollectorProcess(
                Self.binary, folder: directory.path, settings: "telemetry_secret_file = \(directory("secret"))")
            func status(_ secret: String) throws -> Int {
                let key = HMACSHA256(key: secret)
                var messages = MeteringMessages(signer: MessageSigner { key.digest(of: $0) })
                let message = try #require(messages.json([.of("cpu", .integer(1), second: 0)]).first)
                return try HTTPClient(port: collector.port).send("POST", "/v1/samples", body: message).status
            }
            #expect(try status("old") == 200)
            #expect(try status("new") == 422)
            try directory.write("old\nnew\n", to: "secret")
            try reload(collector)
            #expect(try status("old") == 200)
            #expect(try status("new") == 200)
            try directory.write("new\n", to: "secret")
            try reload(collector)
            #expect(try status("old") == 422)
            #expect(try status("new") == 200)
            // Without secrets everybody could sign.
            let settings = try directory.text("collector.conf")
            try directory.write(settings.replacing(/telemetry_secret_file.*/, with: ""), to: "collector.conf")
            try reload(collector)
            #expect(
                try collector.log.contains("takes effect at the next start alone: [collector] telemetry_secret_file\n"))
            #expect(try status("old") == 422)
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

    /// Puts files of another authority where the settings say, and keeps its own ones as `name.pem` and so on.
    private func use(_ name: String) throws {
        let made = try TemporaryDirectory()
        try Certificates.make(in: made)
        for file in ["server.pem", "server.key"] { try directory.write(try made.text(file), to: file) }
        try directory.write(try made.text("ca.pem"), to: "clients.pem")
        for (file, own) in [("ca.pem", ""), ("client.pem", "-client"), ("client.key", "-key")] {
            try directory.write(try made.text(file), to: "\(name)\(own).pem")
        }
    }

    /// - Parameter client: whose certificate is shown; nil for none.
    private func isServed(_ collector: CollectorProcess, trusting name: String, as client: String? = nil) throws -> Bool
    {
        let shown = client.map { ["--cert", directory("\($0)-client.pem"), "--key", directory("\($0)-key.pem")] } ?? []
        return try Shell.run(
            "curl",
            ["-sSf", "-m", "30", "--cacert", directory("\(name).pem"), "https://localhost:\(collector.port)/health"]
                + shown, timeout: .seconds(60)
        ).status == 0
    }

    private var certificate: String {
        "tls_certificate = \(directory("server.pem"))\ntls_key = \(directory("server.key"))\n"
    }

    @Test(.enabled(if: Certificates.canBeMade, "openssl is not installed"))
    func aRenewedCertificateIsShownToWhoeverComesNext() async throws {
        try await onThread {
            try use("first")
            let collector = try CollectorProcess(Self.binary, folder: directory.path, settings: certificate)
            #expect(try isServed(collector, trusting: "first"))
            try use("second")
            try reload(collector)
            #expect(try isServed(collector, trusting: "second"))
            #expect(try !isServed(collector, trusting: "first"))
            collector.signal(SIGTERM)
            #expect(collector.status(within: .seconds(60)) == 0)
        }
    }

    /// An address that may change at the next start alone is guarded until then.
    @Test(.enabled(if: Certificates.canBeMade, "openssl is not installed"))
    func clientsOfAnotherAuthorityAreTakenButNeverThoseOfNone() async throws {
        try await onThread {
            try use("first")
            let collector = try CollectorProcess(
                Self.binary, folder: directory.path,
                settings: certificate + "tls_client_ca = \(directory("clients.pem"))\n")
            #expect(try isServed(collector, trusting: "first", as: "first"))
            try use("second")
            try reload(collector)
            #expect(try isServed(collector, trusting: "second", as: "second"))
            #expect(try !isServed(collector, trusting: "second", as: "first"))
            let settings = try directory.text("collector.conf")
            try directory.write(settings.replacing(/tls_client_ca.*/, with: ""), to: "collector.conf")
            try use("third")
            try reload(collector)
            #expect(try collector.log.contains("takes effect at the next start alone: [collector] tls_client_ca\n"))
            #expect(try !isServed(collector, trusting: "third"))
            #expect(try isServed(collector, trusting: "third", as: "second"))
            collector.signal(SIGTERM)
            #expect(collector.status(within: .seconds(60)) == 0)
        }
    }
}
