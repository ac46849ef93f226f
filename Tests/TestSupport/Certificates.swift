// SPDX-License-Identifier: Apache-2.0

/// Certificates for tests of TLS, made by openssl in a folder.
package enum Certificates {
    /// Whether they can be made here.
    package static let canBeMade = (try? Shell.run("openssl", ["version"], timeout: .seconds(60)))?.status == 0

    /// Makes an authority, `ca.pem`, and of it `server.pem` and `client.pem` for localhost and 127.0.0.1, each with its
    /// `.key`; and `other.pem`, which is of no authority. Blocks.
    package static func make(in directory: TemporaryDirectory) throws {
        func openssl(_ command: String) throws {
            let arguments = command.split(separator: " ").map { word in
                let isFile = ["key", "pem", "csr", "ext"].contains { word.hasSuffix("." + $0) }
                return isFile ? directory(String(word)) : String(word)
            }
            let result = try Shell.run("openssl", arguments, timeout: .seconds(60))
            guard result.status == 0 else { throw ShellError(command: command, reason: result.error) }
        }
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        try openssl("req -x509 \(key) -days 2 -subj /CN=authority -keyout ca.key -out ca.pem")
        for name in ["server", "client"] {
            try directory.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n", to: "\(name).ext")
            try openssl("req \(key) -subj /CN=\(name) -keyout \(name).key -out \(name).csr")
            try openssl(
                "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile \(name).ext "
                    + "-out \(name).pem")
        }
        try openssl("req -x509 \(key) -days 2 -subj /CN=client -keyout other.key -out other.pem")
    }
}
