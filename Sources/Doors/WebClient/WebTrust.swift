// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import NIOSSL

/// Which servers are trusted over TLS, and what is shown of ourselves.
package struct WebTrust: Sendable, Hashable {
    /// False takes any certificate.
    package var verifies = true
    /// A PEM file of authorities in place of the system's.
    package var authorities: String?
    /// A PEM file with our own certificate, which may hold the key as well.
    package var certificate: String?
    package var key: String?
    /// Of TLS; nil leaves them to the library.
    package var oldestVersion: Version?
    package var newestVersion: Version?

    package enum Version: String, Sendable, Hashable {
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    /// What a file is there for.
    package enum Role: Sendable, Hashable { case authorities, certificate, key }

    package init() {}

    /// Reads the files, so that one that isn't there or isn't PEM is told before the first connection.
    ///
    /// - Returns: the first that can't be used; nil where all can. Where one file holds certificate and key, it is the
    ///   key's that is told without one.
    package func unusableFile() -> (role: Role, path: String)? {
        func fails(_ body: () throws -> Void) -> Bool {
            do { try body() } catch { return true }
            return false
        }
        if let authorities, fails({ _ = try NIOSSLCertificate.fromPEMFile(authorities) }) {
            return (.authorities, authorities)
        }
        guard let certificate else { return nil }
        if fails({ _ = try NIOSSLCertificate.fromPEMFile(certificate) }) { return (.certificate, certificate) }
        let key = key ?? certificate
        return fails { _ = try NIOSSLPrivateKey(file: key, format: .pem) } ? (.key, key) : nil
    }

    /// What tells a file from the one that was there before, under the same name.
    struct FileStamp: Sendable, Hashable {
        var device: UInt
        var number: UInt
        var size: Int
        var seconds: Int
        var nanoseconds: Int
    }

    /// Those of the files; without one for a file that isn't there.
    func stamps() -> [FileStamp] {
        [authorities, certificate, key].compactMap { path in
            var status = stat()
            guard let path, stat(path, &status) == 0 else { return nil }
            return FileStamp(
                device: UInt(status.st_dev), number: UInt(status.st_ino), size: Int(status.st_size),
                seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        }
    }

    /// Reads the files.
    func configuration() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if !verifies { configuration.certificateVerification = .none }
        if let oldestVersion { configuration.minimumTLSVersion = oldestVersion.ofLibrary }
        configuration.maximumTLSVersion = newestVersion?.ofLibrary
        // Read here, as the library would read the file again for a later connection.
        if let authorities { configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authorities)) }
        if let certificate {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key ?? certificate, format: .pem))
            // Of a pair that is renewed one file may be new and the other not: that is found here, not by a connection.
            _ = try NIOSSLContext(configuration: configuration)
        }
        return configuration
    }
}

extension WebTrust.Version {
    fileprivate var ofLibrary: TLSVersion {
        switch self {
        case .tls12: .tlsv12
        case .tls13: .tlsv13
        }
    }
}
