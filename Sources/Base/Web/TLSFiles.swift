// SPDX-License-Identifier: Apache-2.0
package import NIOSSL
package import Settings

/// The PEM files that a server's TLS takes, and the settings that name them: the same three in each service's section.
package struct TLSFiles {
    package struct Names: Sendable {
        package let certificate: Setting<String>
        package let key: Setting<String>
        package let clientCA: Setting<String>

        /// - Parameter section: the service's.
        package init(in section: String) {
            certificate = Setting(
                "tls_certificate", in: section, default: "",
                help: "A PEM file with the server's certificate and those that lead to its authority. Empty: no TLS.",
                allowed: "a path, or nothing")
            key = Setting(
                "tls_key", in: section, default: "", help: "A PEM file with the certificate's private key.",
                allowed: "a path, or nothing")
            clientCA = Setting(
                "tls_client_ca", in: section, default: "",
                help: "A PEM file with the authorities that clients' certificates must come from. Empty: clients need "
                    + "none.", allowed: "a path, or nothing")
        }

        package var all: [AnySetting] { [AnySetting(certificate), AnySetting(key), AnySetting(clientCA)] }
    }

    private var certificate: String
    private var key: String
    package var clientCA: String?

    /// nil where no TLS is wanted.
    package init?(_ configuration: Configuration, _ names: Names) throws(Mistake) {
        certificate = try configuration.value(names.certificate)
        key = try configuration.value(names.key)
        let authority = try configuration.value(names.clientCA)
        clientCA = authority.isEmpty ? nil : authority
        if certificate.isEmpty, key.isEmpty, clientCA == nil { return nil }
        if certificate.isEmpty || key.isEmpty {
            let given = certificate.isEmpty ? (key.isEmpty ? names.clientCA : names.key) : names.certificate
            let missing = certificate.isEmpty ? names.certificate : names.key
            throw Mistake(
                configuration.place(of: given.section, given.name) ?? .init("built-in configuration"),
                "[\(given.section)] \(given.name)", found: "no \(missing.name) beside it",
                allowed: "tls_certificate and tls_key together, tls_client_ca with them")
        }
    }

    package func configuration() throws(Mistake) -> TLSConfiguration {
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
