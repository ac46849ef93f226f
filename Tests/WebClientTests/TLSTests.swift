// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import WebClient

/// What an operator is told where TLS can't be agreed on, by a server of another make.
@Suite(.enabled(if: Certificates.canBeMade, "openssl is not installed"), .timeLimit(.minutes(5)))
struct TLSTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try Certificates.make(in: directory)
    }

    private func trust(_ change: (inout WebTrust) -> Void = { _ in }) -> WebTrust {
        var trust = WebTrust()
        trust.authorities = directory("ca.pem")
        change(&trust)
        return trust
    }

    private func failure(
        _ trust: WebTrust, _ server: String = "server", _ options: [String] = []
    ) async throws -> String? {
        let server = try await onThread { [directory] in try TLSServer(server, options, in: directory) }
        do {
            let answer = try await WebClient(trust: trust).answer(to: WebRequest("GET", server.url))
            #expect(answer.status == 200 && answer.text.contains("s_server"))
            return nil
        } catch let failure as WebFailure {
            #expect(failure.kind == .tls, "\(failure)")
            return failure.description
        }
    }

    @Test func whoIsOfATrustedAuthorityAnswers() async throws {
        #expect(try await failure(trust()) == nil)
        #expect(try await failure(trust { $0.verifies = false }, "other") == nil)
        #expect(
            try await failure(
                trust {
                    $0.certificate = directory("client.pem")
                    $0.key = directory("client.key")
                }, "server", ["-Verify", "1", "-verify_return_error", "-CAfile", directory("ca.pem")]) == nil)
    }

    @Test func anUnknownAuthorityIsTold() async throws {
        let words = "TLS: its certificate is of no authority that is trusted here, or is out of date"
        #expect(try await failure(trust(), "other") == words)
        #expect(try await failure(trust { $0.authorities = directory("other.pem") }) == words)
        #expect(try await failure(WebTrust()) == words)
    }

    @Test func anotherNameIsTold() async throws {
        #expect(
            try await failure(trust { $0.authorities = directory("other.pem") }, "other")
                == "TLS: its certificate is for another name than the URL's")
    }

    @Test func aServerThatWantsACertificateIsTold() async throws {
        let verifying = ["-Verify", "1", "-verify_return_error", "-CAfile", directory("ca.pem")]
        for version in ["-tls1_2", "-tls1_3"] {
            let none = try await failure(trust(), "server", verifying + [version])
            #expect(none?.contains("certificate") == true && none?.contains("OPENSSL") == false, "\(none ?? "")")
            let other = trust {
                $0.certificate = directory("other.pem")
                $0.key = directory("other.key")
            }
            let refused = try await failure(other, "server", verifying + [version])
            #expect(refused == "TLS: it does not trust the certificate that this side showed")
        }
    }

    @Test func noCommonVersionIsTold() async throws {
        #expect(
            try await failure(trust { $0.oldestVersion = .tls13 }, "server", ["-tls1_2"])
                == "TLS: no version of TLS that both sides allow")
    }

    @Test func renewedFilesAreTakenForTheNextRequest() async throws {
        let server = try await onThread { [directory] in try TLSServer("server", in: directory) }
        let authorities = try directory.write(directory.text("ca.pem"), to: "trusted.pem")
        let client = WebClient(trust: trust { $0.authorities = authorities })
        let request = WebRequest("GET", server.url)
        #expect(try await client.answer(to: request).isSuccess)
        // Half a file is no renewal.
        try directory.write("-----BEGIN", to: "trusted.pem")
        #expect(try await client.answer(to: request).isSuccess)
        try FileManager.default.removeItem(atPath: authorities)
        #expect(try await client.answer(to: request).isSuccess)
        try directory.write(directory.text("other.pem"), to: "trusted.pem")
        await #expect(throws: WebFailure.self) { try await client.answer(to: request) }
        try directory.write(directory.text("ca.pem"), to: "trusted.pem")
        #expect(try await client.answer(to: request).isSuccess)
    }

    @Test func ofAPairThatIsRenewedBothAreTakenOrNone() async throws {
        let verifying = ["-Verify", "1", "-verify_return_error", "-CAfile", directory("ca.pem")]
        let server = try await onThread { [directory] in try TLSServer("server", verifying, in: directory) }
        let certificate = try directory.write(directory.text("client.pem"), to: "mine.pem")
        let key = try directory.write(directory.text("client.key"), to: "mine.key")
        let client = WebClient(trust: trust { ($0.certificate, $0.key) = (certificate, key) })
        let request = WebRequest("GET", server.url)
        #expect(try await client.answer(to: request).isSuccess)
        try directory.write(directory.text("server.pem"), to: "mine.pem")
        #expect(try await client.answer(to: request).isSuccess)
        try directory.write(directory.text("server.key"), to: "mine.key")
        #expect(try await client.answer(to: request).isSuccess)
    }

    @Test func whoSpeaksNoTLSIsTold() async throws {
        let sink = try HTTPSink()
        let proxy = try TroubledProxy(to: Int(sink.port), .rubbish(TroubledProxy.Rubbish.broken))
        defer { proxy.end() }
        let error = await #expect(throws: WebFailure.self) {
            try await WebClient().answer(to: WebRequest("GET", "https://127.0.0.1:\(proxy.port)/"))
        }
        #expect(error?.description == "TLS: what answers there speaks no TLS; is it http://?")
    }

    @Test func filesAreReadBeforeTheFirstConnection() throws {
        #expect(trust().unusableFile() == nil)
        try directory.write("not PEM", to: "text.pem")
        #expect(trust { $0.authorities = directory("text.pem") }.unusableFile()?.role == .authorities)
        #expect(trust { $0.certificate = directory("gone.pem") }.unusableFile()?.path == directory("gone.pem"))
        #expect(trust { $0.certificate = directory("client.pem") }.unusableFile()?.role == .key)
        try directory.write(directory.text("client.pem") + directory.text("client.key"), to: "both.pem")
        #expect(trust { $0.certificate = directory("both.pem") }.unusableFile() == nil)
    }
}
