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
    /// By the secrets that senders may have; none where signatures are not looked at.
    package var signers: [MessageSigner]
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
        signers = mistakes.collect { () throws(Mistake) in try Self.signers(configuration) } ?? []
        let directory = String(database[..<(database.lastIndex(of: "/") ?? database.endIndex)])
        forwarding =
            mistakes.collectAll { () throws(Mistakes) in
                try ForwardingOptions(configuration, beside: directory, publishers)
            } ?? nil
        let credentials = mistakes.collectAll { () throws(Mistakes) in
            try Credentials(configuration, tokenFile: CollectorSettings.tokenFile, tls: CollectorSettings.tls)
        }
        guard let credentials, mistakes.isEmpty else { throw mistakes }
        self.credentials = credentials

        do throws(Mistake) {
            try listen.mustHave(
                "token_file or tls_client_ca", isThere: credentials.areClientsKnown, CollectorSettings.listen,
                in: configuration)
            for (setting, address) in [
                (CollectorSettings.udpListen, udpListen), (CollectorSettings.tcpListen, tcpListen),
            ] {
                try address?.mustHave("telemetry_secret_file", isThere: !signers.isEmpty, setting, in: configuration)
            }
        } catch {
            throw Mistakes([error])
        }
        if !listen.isLoopback, credentials.tls == nil {
            remarks.append(
                "[collector] listen is reached by other hosts without TLS: tokens and samples can be read on the way")
        }
        if signers.isEmpty, let place = configuration.place(of: "publisher", "telemetry_secret") {
            remarks.append(
                "\(place.file): [publisher] telemetry_secret signs what is sent; what is received is only checked with "
                    + "[collector] telemetry_secret_file")
        }
    }

    private static func address(_ configuration: Configuration, _ setting: Setting<String>) throws(Mistake)
        -> ListenAddress?
    {
        ListenAddress(try configuration.value(setting))
    }

    private static func signers(_ configuration: Configuration) throws(Mistake) -> [MessageSigner] {
        let path = try configuration.value(CollectorSettings.secretFile)
        if path.isEmpty { return [] }
        let lines = try TextFile.read(path).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard let first = lines.first, !first.isEmpty else {
            throw Mistake(.init(path), "", found: "an empty first line", allowed: "the secret on the first line")
        }
        let others = lines.dropFirst().filter { !$0.isEmpty && !$0.hasPrefix("#") }
        return ([first] + others).map { secret in
            let key = HMACSHA256(key: String(secret))
            return MessageSigner { key.digest(of: $0) }
        }
    }
}
