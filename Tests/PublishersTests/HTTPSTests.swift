// SPDX-License-Identifier: Apache-2.0
import Foundation
import Pipelines
import Telemetry
import TestSupport
import Testing

private let canRun =
    Certificates.canBeMade && (try? Shell.run("python3", ["--version"], timeout: .seconds(60)))?.status == 0

/// `https://` to a server of another make, with certificates by openssl.
@Suite(.enabled(if: canRun, "openssl and python3 are not installed"), .timeLimit(.minutes(2)))
struct HTTPSTests {
    /// Takes everything; writes its port to its output first.
    private static let server = """
        import http.server, ssl, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def do_POST(self):
                self.rfile.read(int(self.headers['Content-Length']))
                self.send_response(200); self.send_header('Content-Length', '0'); self.end_headers()
            def log_message(self, *words): pass
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain('server.pem', 'server.key')
        if sys.argv[1] == 'mutual':
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations('ca.pem')
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_port, flush=True)
        server.serve_forever()
        """

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(Self.server, to: "server.py")
        try Certificates.make(in: directory)
        try directory.write(directory.text("client.pem") + directory.text("client.key"), to: "both.pem")
    }

    /// What comes of one batch: nil where it was taken, else the reason.
    private func outcome(_ options: String, mode: String = "plain") async throws -> String? {
        let output = directory("port-\(mode)")
        let descriptor = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        let python = try ChildProcess(
            "env", ["--chdir=\(directory.path)", "python3", "server.py", mode], output: descriptor)
        close(descriptor)
        defer {
            python.signal(SIGKILL)
            _ = python.status(within: .seconds(10))
        }
        while try !directory.text("port-\(mode)").hasSuffix("\n") { try await Task.sleep(for: .milliseconds(20)) }
        let port = try directory.text("port-\(mode)").dropLast()
        let sender = try sender("https://localhost:\(port)/x?\(options.replacing("@", with: directory.path + "/"))")
        do {
            _ = try await sender.send(await sender.encode([.of("a")]))
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func aServersCertificateMustComeFromATrustedAuthority() async throws {
        #expect(try await outcome("verify_ssl=@ca.pem") == nil)
        #expect(try await outcome("verify_ssl=True&max_retries=0")?.contains("of no authority that is trusted") == true)
        #expect(try await outcome("verify_ssl=False") == nil)
    }

    @Test func aClientShowsItsOwnCertificate() async throws {
        let key = "&clientcert=@client.pem&clientkey=@client.key"
        #expect(try await outcome("verify_ssl=@ca.pem" + key, mode: "mutual") == nil)
        #expect(try await outcome("verify_ssl=@ca.pem&clientcert=@both.pem", mode: "mutual") == nil)
        #expect(try await outcome("verify_ssl=@ca.pem&max_retries=0", mode: "mutual") != nil)
    }
}
