// SPDX-License-Identifier: Apache-2.0
import Digests
import Settings
import TestSupport
import Testing
import Web
import Wire

@testable import Collector

@Suite struct CollectorSetupTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func setup(_ text: String) throws(Mistakes) -> CollectorSetup {
        try CollectorSetup(Configuration(documents: [try INIDocument(path: "c.conf", text: text)], environment: [:]))
    }

    private func mistake(_ text: String) -> String? {
        #expect(throws: Mistakes.self) { try setup(text) }?.description
    }

    @Test func withoutAnyFileOnlyThisHostIsServed() throws {
        let setup = try CollectorSetup(Configuration(documents: [], environment: [:]))
        #expect(setup.listen == ListenAddress("127.0.0.1:4953"))
        #expect(setup.credentials.tokens == nil)
        #expect(setup.credentials.tls == nil)
        #expect(setup.limits.age == 30 * 86400)
        #expect(setup.limits.bytes == nil)
    }

    @Test(arguments: ["0.0.0.0:4953", "[::]:4953", "192.0.2.1:80", "collector.example.org:4953"])
    func anAddressThatOtherHostsReachNeedsAToken(address: String) throws {
        let host = try #require(ListenAddress(address)).host
        #expect(
            mistake("[collector]\nlisten = \(address)\n")
                == "c.conf:2: [collector] listen: \"\(host)\", which other hosts reach, and no token_file or tls_client_ca; "
                + "allowed: an address of this host alone such as 127.0.0.1, or one with token_file or tls_client_ca")
        let tokens = try directory.write("0123456789abcdef\n", to: "tokens")
        let setup = try setup("[collector]\nlisten = \(address)\ntoken_file = \(tokens)\n")
        #expect(setup.remarks.count == 1)
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.1:", ":4953", "127.0.0.1:65536", "::1:4953", "a b:80", "[::1]"])
    func whatIsNoAddressIsSaid(address: String) {
        #expect(
            mistake("[collector]\nlisten = \(address)\n")
                == "c.conf:2: [collector] listen: \"\(address)\"; allowed: host:port, [IPv6 address]:port; the default "
                + "is 127.0.0.1:4953")
    }

    @Test func aMisspeltNameIsNamed() {
        #expect(mistake("[collector]\ntoken_fil = x\n")?.contains("did you mean token_file?") == true)
        #expect(mistake("[colector]\nlisten = 127.0.0.1:1\n")?.contains("did you mean [collector]?") == true)
    }

    @Test func whatOtherProgramsReadIsLeftToThem() throws {
        _ = try setup("[DEFAULT]\nlibvirt_uri = x\n[polling]\ncfg_file = y\n[collector]\nudp_port = 4952\n")
    }

    @Test func aTokenFileThatIsNotThereIsNamed() {
        #expect(mistake("[collector]\ntoken_file = /no/tokens\n")?.hasPrefix("/no/tokens: cannot be read") == true)
    }

    @Test func halfOfTLSIsRefused() {
        #expect(
            mistake("[collector]\ntls_key = /k.pem\n")
                == "c.conf:2: [collector] tls_key: no tls_certificate beside it; allowed: tls_certificate and tls_key "
                + "together, tls_client_ca with them")
    }

    @Test func aCertificateThatIsNoneIsNamed() throws {
        let file = try directory.write("no certificate", to: "c.pem")
        #expect(
            mistake("[collector]\ntls_certificate = \(file)\ntls_key = \(file)\n")
                == "\(file): no certificate that can be read; allowed: a PEM file")
    }

    @Test(arguments: ["udp_listen", "tcp_listen"])
    func messagesThatOtherHostsSendNeedASignature(name: String) throws {
        #expect(
            mistake("[collector]\n\(name) = 0.0.0.0:4952\n")
                == "c.conf:2: [collector] \(name): \"0.0.0.0\", which other hosts reach, and no telemetry_secret_file; "
                + "allowed: an address of this host alone such as 127.0.0.1, or one with telemetry_secret_file")
        let secret = try directory.write("secret\n", to: "secret")
        let setup = try setup("[collector]\n\(name) = 0.0.0.0:4952\ntelemetry_secret_file = \(secret)\n")
        #expect(!setup.signers.isEmpty)
    }

    @Test func aSecretForSendersAloneIsSaid() throws {
        let setup = try setup("[publisher]\ntelemetry_secret = never shown\n")
        #expect(setup.signers.isEmpty)
        #expect(setup.remarks.count == 1)
        #expect(setup.remarks[0].contains("telemetry_secret_file"))
        #expect(!setup.remarks[0].contains("never shown"))
    }

    @Test func furtherLinesAreSecretsAsWell() throws {
        let secret = try directory.write(
            "# the first line, whatever it is\nold\r\n\n# from May on\nnew\n", to: "secret")
        let signers = try setup("[collector]\ntelemetry_secret_file = \(secret)\n").signers
        let message: [WireValue.Entry] = [.init("message_id", .string("1"))]
        #expect(
            signers.map { $0.signature(of: message) }
                == ["# the first line, whatever it is", "old", "new"].map { secret in
                    let key = HMACSHA256(key: secret)
                    return MessageSigner { key.digest(of: $0) }.signature(of: message)
                })
    }

    @Test func anEmptySecretIsRefused() throws {
        let secret = try directory.write("\n", to: "secret")
        #expect(
            mistake("[collector]\ntelemetry_secret_file = \(secret)\n")
                == "\(secret): an empty first line; allowed: the secret on the first line")
    }
}
