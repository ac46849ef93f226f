// SPDX-License-Identifier: Apache-2.0
internal import NIOSSL
package import Settings

/// What an operator set of the agent's Prometheus endpoint, read and checked.
package struct ExporterOptions: Sendable, Hashable {
    static let enable = Setting(
        "enable_prometheus_exporter", in: "polling", default: false,
        help: "Answer Prometheus with the latest sample of every meter and resource that is polled, whatever the "
            + "pipeline does with them.")

    static let addresses = Setting(
        "prometheus_listen_addresses", in: "polling", default: ["127.0.0.1:9101"],
        help:
            "Where it listens: host:port or [IPv6 address]:port, with commas between them. Whoever reaches them reads "
            + "every sample.")

    static let enableTLS = Setting(
        "prometheus_tls_enable", in: "polling", default: false,
        help: "Whether it speaks HTTPS; prometheus_tls_certfile and prometheus_tls_keyfile are needed then.")

    static let certificateFile = Setting(
        "prometheus_tls_certfile", in: "polling", default: "",
        help: "A PEM file with its certificate, and those between it and an authority. Read at the start.")

    static let keyFile = Setting(
        "prometheus_tls_keyfile", in: "polling", default: "", help: "A PEM file with the certificate's private key.")

    package static let all = [
        AnySetting(enable), AnySetting(addresses), AnySetting(enableTLS), AnySetting(certificateFile),
        AnySetting(keyFile),
    ]

    let addresses: [HostPort]
    /// nil for plain HTTP.
    let tls: TLSConfiguration?
    /// Where the addresses were set.
    let place: Mistake.Place

    /// nil where there is to be no endpoint. Files are looked at all the same where TLS is wanted.
    package init?(_ configuration: Configuration) throws(Mistake) {
        place = configuration.place(of: "polling", Self.addresses.name) ?? .init("built-in configuration")
        var addresses: [HostPort] = []
        for text in try configuration.value(Self.addresses) {
            guard let address = HostPort(listening: text) else {
                throw Mistake(
                    place, "[polling] \(Self.addresses.name)", found: text.quoted,
                    allowed: "host:port or [IPv6 address]:port, the port from 0 to 65535, with commas between them")
            }
            if !addresses.contains(address) { addresses.append(address) }
        }
        self.addresses = addresses
        tls = try configuration.value(Self.enableTLS) ? Self.tls(configuration) : nil
        guard try configuration.value(Self.enable) else { return nil }
        guard !addresses.isEmpty else {
            throw Mistake(
                place, "[polling] \(Self.addresses.name)", found: "no address",
                allowed: "at least one, or enable_prometheus_exporter = false")
        }
    }

    private static func tls(_ configuration: Configuration) throws(Mistake) -> TLSConfiguration {
        let certificate = try configuration.value(certificateFile)
        let key = try configuration.value(keyFile)
        func wrong(_ setting: Setting<String>, _ found: String, _ allowed: String) -> Mistake {
            Mistake(
                configuration.place(of: "polling", setting.name) ?? configuration.place(of: "polling", enableTLS.name)
                    ?? .init("built-in configuration"), "[polling] \(setting.name)", found: found, allowed: allowed)
        }
        for (setting, path) in [(certificateFile, certificate), (keyFile, key)] {
            guard !path.isEmpty else {
                throw wrong(setting, "nothing", "a PEM file, as prometheus_tls_enable is true")
            }
            do throws(Mistake) { _ = try TextFile.read(path) } catch {
                throw wrong(setting, "\(path.quoted), which \(error.found)", "a PEM file that this user may read")
            }
        }
        guard let chain = try? NIOSSLCertificate.fromPEMFile(certificate), !chain.isEmpty else {
            throw wrong(certificateFile, "\(certificate.quoted), which holds no certificate", "a PEM file")
        }
        guard let privateKey = try? NIOSSLPrivateKey(file: key, format: .pem) else {
            throw wrong(keyFile, "\(key.quoted), which holds no private key", "a PEM file")
        }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        tls.minimumTLSVersion = .tlsv12
        guard (try? NIOSSLContext(configuration: tls)) != nil else {
            throw wrong(
                keyFile, "\(key.quoted), which is not the key of \(certificate.quoted)", "the certificate's own key")
        }
        return tls
    }

    package static func == (left: ExporterOptions, right: ExporterOptions) -> Bool {
        left.addresses == right.addresses && (left.tls == nil) == (right.tls == nil)
            && left.tls.map { tls in right.tls.map(tls.bestEffortEquals) ?? false } ?? true
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(addresses) }
}
