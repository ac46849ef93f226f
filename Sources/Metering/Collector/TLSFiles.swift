// SPDX-License-Identifier: Apache-2.0
internal import NIOSSL
internal import Settings

/// The PEM files that TLS takes.
struct TLSFiles {
    private var certificate: String
    private var key: String
    var clientCA: String?

    /// nil where no TLS is wanted.
    init?(_ configuration: Configuration) throws(Mistake) {
        certificate = try configuration.value(CollectorSettings.tlsCertificate)
        key = try configuration.value(CollectorSettings.tlsKey)
        let authority = try configuration.value(CollectorSettings.tlsClientCA)
        clientCA = authority.isEmpty ? nil : authority
        if certificate.isEmpty, key.isEmpty, clientCA == nil { return nil }
        if certificate.isEmpty || key.isEmpty {
            let given = certificate.isEmpty ? (key.isEmpty ? "tls_client_ca" : "tls_key") : "tls_certificate"
            throw Mistake(
                configuration.place(of: "collector", given) ?? .init("built-in configuration"), "[collector] \(given)",
                found: "no \(certificate.isEmpty ? "tls_certificate" : "tls_key") beside it",
                allowed: "tls_certificate and tls_key together, tls_client_ca with them")
        }
    }

    func configuration() throws(Mistake) -> TLSConfiguration {
        let chain = try Self.certificates(certificate)
        let privateKey: NIOSSLPrivateKey
        do { privateKey = try NIOSSLPrivateKey(file: key, format: .pem) } catch {
            throw Mistake(.init(key), "", found: "no private key that can be read", allowed: "a PEM file")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        if let clientCA {
            configuration.trustRoots = .certificates(try Self.certificates(clientCA))
            configuration.certificateVerification = .noHostnameVerification
        }
        do { _ = try NIOSSLContext(configuration: configuration) } catch {
            throw Mistake(
                .init(certificate), "", found: "a certificate that \(key.quoted) is not the key of",
                allowed: "a certificate and its key")
        }
        return configuration
    }

    private static func certificates(_ path: String) throws(Mistake) -> [NIOSSLCertificate] {
        do {
            let certificates = try NIOSSLCertificate.fromPEMFile(path)
            if !certificates.isEmpty { return certificates }
        } catch {}  // what is wrong with it is said below
        throw Mistake(.init(path), "", found: "no certificate that can be read", allowed: "a PEM file")
    }
}
