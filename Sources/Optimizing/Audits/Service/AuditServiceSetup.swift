// SPDX-License-Identifier: Apache-2.0
package import Settings
package import Web

/// What an operator set of the service that runs audits, read and checked.
package struct AuditServiceSetup: Sendable {
    /// nil where nothing is served.
    package var listen: ListenAddress?
    package var database: String
    package var credentials: Credentials
    package var largestRequest: Int
    package var lease: Duration
    /// nil for none.
    package var groupsFile: String?
    package var retention: Duration
    package var workers: Int
    package var interval: Duration
    package var expiry: Duration
    package var sweepInterval: Duration
    /// What an operator should know, a line each.
    package var remarks: [String] = []

    package init(_ configuration: Configuration) throws(Mistakes) {
        var mistakes = Mistakes()
        do throws(Mistake) {
            listen = ListenAddress(try configuration.value(AuditServiceSettings.listen))
            database = try configuration.value(AuditServiceSettings.database)
            largestRequest = try configuration.value(AuditServiceSettings.largestRequest) << 20
            lease = .seconds(try configuration.value(AuditServiceSettings.lease))
            let groups = try configuration.value(AuditServiceSettings.groups)
            groupsFile = groups.isEmpty ? nil : groups
            retention = .seconds(try configuration.value(AuditServiceSettings.retention) * 86_400)
            workers = try configuration.value(AuditServiceSettings.workers)
            interval = .seconds(try configuration.value(AuditServiceSettings.interval))
            expiry = .seconds(try configuration.value(AuditServiceSettings.expiry) * 3600)
            sweepInterval = .seconds(try configuration.value(AuditServiceSettings.sweep))
        } catch {
            throw Mistakes([error])
        }
        let tokens =
            mistakes.collectAll { () throws(Mistakes) -> AccessTokens? in
                let path: String
                do throws(Mistake) { path = try configuration.value(AuditServiceSettings.tokenFile) } catch {
                    throw Mistakes([error])
                }
                return path.isEmpty ? nil : try AccessTokens.read(path)
            } ?? nil
        let files =
            mistakes.collect { () throws(Mistake) in try TLSFiles(configuration, AuditServiceSettings.tls) } ?? nil
        let tls = mistakes.collect { () throws(Mistake) in try files?.configuration() } ?? nil
        credentials = Credentials(tokens: tokens, tls: tls)
        if let listen, !listen.isLoopback {
            if tokens == nil, files?.clientCA == nil {
                let setting = AuditServiceSettings.listen
                mistakes.add(
                    Mistake(
                        configuration.place(of: setting.section, setting.name) ?? .init("built-in configuration"),
                        "[\(setting.section)] \(setting.name)",
                        found: "\(listen.host.quoted), which other hosts reach, and no token_file or tls_client_ca",
                        allowed: "an address of this host alone such as 127.0.0.1, or one with either"))
            }
            if tls == nil {
                remarks.append("[audit] listen is reached by other hosts without TLS: tokens can be read on the way")
            }
        }
        try mistakes.throwIfAny()
    }
}
