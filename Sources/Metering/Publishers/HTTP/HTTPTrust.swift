// SPDX-License-Identifier: Apache-2.0
internal import NIOSSL
internal import Pipelines
internal import Settings

/// Whom an HTTPS publisher trusts, and what it shows of itself, by `verify_ssl`, `clientcert` and `clientkey`.
enum HTTPTrust {
    static let options: Set<String> = ["verify_ssl", "clientcert", "clientkey"]

    /// nil where the URL says nothing of it.
    static func configuration(_ url: PublisherURL, scheme: String) throws(Mistake) -> TLSConfiguration? {
        guard let option = options.sorted().first(where: { url.options[$0] != nil }) else { return nil }
        guard scheme == "https" else {
            throw Mistake(
                url.place, "publisher \(url.shown), option \(option)", found: "given for http",
                allowed: "with https only")
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        switch url.options["verify_ssl"] {
        case nil, "True"?, "true"?: break
        case "False"?, "false"?: configuration.certificateVerification = .none
        case let path?:
            _ = try read(path, "verify_ssl", url) { try NIOSSLCertificate.fromPEMFile(path) }
            configuration.trustRoots = .file(path)
        }
        let (certificate, key) = (url.options["clientcert"], url.options["clientkey"])
        if let certificate {
            configuration.certificateChain = try read(certificate, "clientcert", url) {
                try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) }
            }
            // As in Ceilometer, one file may hold both.
            let keyPath = key ?? certificate
            configuration.privateKey = try read(keyPath, key == nil ? "clientcert" : "clientkey", url) {
                .privateKey(try NIOSSLPrivateKey(file: keyPath, format: .pem))
            }
        } else if key != nil {
            throw Mistake(
                url.place, "publisher \(url.shown), option clientkey", found: "given without clientcert",
                allowed: "with the certificate that it belongs to")
        }
        return configuration
    }

    private static func read<Value>(
        _ path: String, _ option: String, _ url: PublisherURL, _ body: () throws -> Value
    ) throws(Mistake) -> Value {
        // First as a text, for the words: the library tells no more than that it failed.
        do throws(Mistake) {
            _ = try TextFile.read(path)
        } catch {
            throw Mistake(
                url.place, "publisher \(url.shown), option \(option)", found: "\(path.quoted), which \(error.found)",
                allowed: option == "verify_ssl" ? "True, False or a PEM file" : "a PEM file")
        }
        do {
            return try body()
        } catch {
            throw Mistake(
                url.place, "publisher \(url.shown), option \(option)",
                found: "\(path.quoted), which holds nothing of the kind", allowed: "a PEM file")
        }
    }
}
