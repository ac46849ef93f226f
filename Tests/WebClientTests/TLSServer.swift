// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// A server of another make, `openssl s_server`, which answers each request with a page about the connection.
final class TLSServer: Sendable {
    let url: String
    private let child: ChildProcess

    /// Blocks.
    ///
    /// - Parameters:
    ///   - name: of `NAME.pem` and `NAME.key` in the folder.
    ///   - options: further ones of `s_server`.
    init(_ name: String, _ options: [String] = [], in directory: TemporaryDirectory) throws {
        let told = "told-\(UUID().uuidString)"
        let output = open(directory(told), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(output) }
        child = try ChildProcess(
            "openssl",
            ["s_server", "-www", "-accept", "127.0.0.1:0", "-cert", directory("\(name).pem")]
                + ["-key", directory("\(name).key")] + options, output: output)
        var port: Substring?
        while port == nil {
            guard child.status(within: .milliseconds(20)) == nil else {
                throw ShellError(command: "openssl s_server", reason: "ended")
            }
            port = try directory.text(told).firstMatch(of: /ACCEPT 127\.0\.0\.1:(\d+)\n/)?.1
        }
        url = "https://localhost:\(port ?? "")/"
    }

    deinit { child.signal(SIGKILL) }
}
