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
        credentials = try Credentials(
            configuration, tokenFile: AuditServiceSettings.tokenFile, tls: AuditServiceSettings.tls)
        guard let listen else { return }
        do throws(Mistake) {
            try listen.mustHave(
                "token_file or tls_client_ca", isThere: credentials.areClientsKnown, AuditServiceSettings.listen,
                in: configuration)
        } catch {
            throw Mistakes([error])
        }
        if !listen.isLoopback, credentials.tls == nil {
            remarks.append("[audit] listen is reached by other hosts without TLS: tokens can be read on the way")
        }
    }
}
