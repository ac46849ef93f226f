// SPDX-License-Identifier: Apache-2.0
package import NIOSSL

extension CloudTrust {
    /// Reads the files, so that one that isn't there or isn't PEM is told before the first connection.
    package func check() throws(CloudOptionError) {
        if let authorities {
            try read(authorities, "cafile") { _ = try NIOSSLCertificate.fromPEMFile(authorities) }
        }
        if let certificate {
            try read(certificate, "certfile") { _ = try NIOSSLCertificate.fromPEMFile(certificate) }
            let key = key ?? certificate
            try read(key, "keyfile") { _ = try NIOSSLPrivateKey(file: key, format: .pem) }
        } else if key != nil {
            throw CloudOptionError(
                option: "keyfile", found: "nothing in certfile", allowed: "with the certificate that it belongs to")
        }
    }

    private func read(_ path: String, _ option: String, _ body: () throws -> Void) throws(CloudOptionError) {
        do { try body() } catch {
            throw CloudOptionError(
                option: option, found: "\"\(path)\", which holds nothing of the kind or can't be read",
                allowed: "a PEM file that this user may read")
        }
    }

    /// For connections to the cloud's services. Reads the files.
    package func configuration() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if !verifies { configuration.certificateVerification = .none }
        if let oldestVersion { configuration.minimumTLSVersion = oldestVersion.ofLibrary }
        configuration.maximumTLSVersion = newestVersion?.ofLibrary
        if let authorities { configuration.trustRoots = .file(authorities) }
        if let certificate {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key ?? certificate, format: .pem))
        }
        return configuration
    }
}

extension CloudTrust.Version {
    fileprivate var ofLibrary: TLSVersion {
        switch self {
        case .tls12: .tlsv12
        case .tls13: .tlsv13
        }
    }
}
