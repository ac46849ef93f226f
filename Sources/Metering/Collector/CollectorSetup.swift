// SPDX-License-Identifier: Apache-2.0
internal import Digests
package import Logging
package import Pipelines
package import Settings
package import Web
package import Wire

/// What an operator set of the collector, read and checked.
package struct CollectorSetup: Sendable {
    package var listen: ListenAddress
    /// nil where nothing is taken that way.
    package var udpListen: ListenAddress?
    package var tcpListen: ListenAddress?
    /// nil where nothing is taken off one.
    package var bus: CollectorBus?
    /// nil where signatures are not looked at.
    package var signer: MessageSigner?
    package var database: String
    package var credentials: Credentials
    /// Whether the page that shows what was measured is served.
    package var hasDashboard: Bool
    package var largestRequest: Int
    package var clockTolerance: Int
    package var limits: SampleStore.Limits
    /// nil where samples go on to nobody.
    package var forwarding: ForwardingOptions?
    package var logLevel: Logger.Level
    /// What an operator should know, a line each.
    package var remarks: [String] = []

    /// - Parameter publishers: that samples may go on to.
    package init(_ configuration: Configuration, publishers: [PublisherRegistration] = []) throws(Mistakes) {
        var mistakes = configuration.mistakes(against: CollectorSettings.all, foreign: CollectorSettings.foreign)
        try mistakes.throwIfAny()
        do throws(Mistake) {
            guard let address = ListenAddress(try configuration.value(CollectorSettings.listen)) else {
                preconditionFailure("an address that was checked")
            }
            listen = address
            udpListen = try Self.address(configuration, CollectorSettings.udpListen)
            tcpListen = try Self.address(configuration, CollectorSettings.tcpListen)
            database = try configuration.value(CollectorSettings.database)
            largestRequest = try configuration.value(CollectorSettings.largestRequest) << 20
            clockTolerance = try configuration.value(CollectorSettings.clockTolerance)
            hasDashboard = try configuration.value(CollectorSettings.dashboard)
            limits = SampleStore.Limits()
            limits.age = try configuration.value(CollectorSettings.retention) * 86400
            let size = try configuration.value(CollectorSettings.largestDatabase)
            limits.bytes = size > 0 ? size << 20 : nil
            logLevel = try configuration.value(CollectorSettings.debug) ? .debug : .info
        } catch {
            throw Mistakes([error])
        }
        bus = mistakes.collect { () throws(Mistake) in try CollectorBus(configuration) } ?? nil
        let tokens = mistakes.collectAll { () throws(Mistakes) in try Self.tokens(configuration) } ?? nil
        signer = mistakes.collect { () throws(Mistake) in try Self.signer(configuration) } ?? nil
        let directory = String(database[..<(database.lastIndex(of: "/") ?? database.endIndex)])
        forwarding =
            mistakes.collectAll { () throws(Mistakes) in
                try ForwardingOptions(configuration, beside: directory, publishers)
            } ?? nil
        let files = mistakes.collect { () throws(Mistake) in try TLSFiles(configuration, CollectorSettings.tls) } ?? nil
        let tls = mistakes.collect { () throws(Mistake) in try files?.configuration() } ?? nil
        credentials = Credentials(tokens: tokens, tls: tls)
        try mistakes.throwIfAny()

        try Self.guarded(
            configuration, CollectorSettings.listen.name, listen, by: "token_file or tls_client_ca",
            isThere: tokens != nil || files?.clientCA != nil)
        for (name, address) in [
            (CollectorSettings.udpListen.name, udpListen), (CollectorSettings.tcpListen.name, tcpListen),
        ] {
            guard let address else { continue }
            try Self.guarded(configuration, name, address, by: "telemetry_secret_file", isThere: signer != nil)
        }
        if !listen.isLoopback, tls == nil {
            remarks.append(
                "[collector] listen is reached by other hosts without TLS: tokens and samples can be read on the way")
        }
        if signer == nil, let place = configuration.place(of: "publisher", "telemetry_secret") {
            remarks.append(
                "\(place.file): [publisher] telemetry_secret signs what is sent; what is received is only checked with "
                    + "[collector] telemetry_secret_file")
        }
    }

    /// An address that other hosts reach needs something that tells who sends.
    private static func guarded(
        _ configuration: Configuration, _ name: String, _ address: ListenAddress, by guardian: String, isThere: Bool
    ) throws(Mistakes) {
        if address.isLoopback || isThere { return }
        throw Mistakes([
            Mistake(
                configuration.place(of: "collector", name) ?? .init("built-in configuration"), "[collector] \(name)",
                found: "\(address.host.quoted), which other hosts reach, and no \(guardian)",
                allowed: "an address of this host alone such as 127.0.0.1, or one with \(guardian)")
        ])
    }

    private static func address(_ configuration: Configuration, _ setting: Setting<String>) throws(Mistake)
        -> ListenAddress?
    {
        ListenAddress(try configuration.value(setting))
    }

    private static func signer(_ configuration: Configuration) throws(Mistake) -> MessageSigner? {
        let path = try configuration.value(CollectorSettings.secretFile)
        if path.isEmpty { return nil }
        let secret = String(try TextFile.read(path).prefix { !$0.isNewline })
        guard !secret.isEmpty else {
            throw Mistake(.init(path), "", found: "an empty first line", allowed: "the secret on the first line")
        }
        let key = HMACSHA256(key: secret)
        return MessageSigner { key.digest(of: $0) }
    }

    private static func tokens(_ configuration: Configuration) throws(Mistakes) -> AccessTokens? {
        do {
            let path = try configuration.value(CollectorSettings.tokenFile)
            return path.isEmpty ? nil : try AccessTokens.read(path)
        } catch let mistake as Mistake {
            throw Mistakes([mistake])
        } catch let mistakes as Mistakes {
            throw mistakes
        } catch {
            preconditionFailure("\(error)")  // nothing else is thrown
        }
    }
}
