// SPDX-License-Identifier: Apache-2.0
package import Logging
package import NIOSSL
package import PluginHost
package import Settings
package import Web

/// What an operator set of the fleet service, read and checked.
package struct FleetSetup: Sendable {
    package var listen: ListenAddress
    package var database: String
    package var tokenFile: String
    /// nil for plain HTTP.
    package var tls: TLSConfiguration?
    package var largestRequest: Int
    package var offlineAfter: Duration
    package var extensionTimeout: Duration
    package var mostFailures: Int
    package var retentionDays: Int
    /// Where hosts reach the service, and whom they are to trust.
    package var advertised: (url: String, authorities: String?)
    package var generationsKept: Int
    package var plugins: PluginSettings
    package var configuration: Configuration
    package var logLevel: Logger.Level
    /// What an operator should know, a line each.
    package var remarks: [String] = []

    package static let settings = FleetSettings.all + PluginSettings.all

    /// - Parameter pluginDirectories: as the command line names them.
    package init(_ configuration: Configuration, pluginDirectories: [String] = []) throws(Mistakes) {
        var mistakes = configuration.mistakes(against: Self.settings, foreign: FleetSettings.foreign)
        try mistakes.throwIfAny()
        self.configuration = configuration
        plugins = try PluginSettings(configuration)
        plugins.directories += pluginDirectories
        do throws(Mistake) {
            guard let address = ListenAddress(try configuration.value(FleetSettings.listen)) else {
                preconditionFailure("an address that was checked")
            }
            listen = address
            database = try configuration.value(FleetSettings.database)
            tokenFile = try configuration.value(FleetSettings.tokenFile)
            largestRequest = try configuration.value(FleetSettings.largestRequest) << 20
            offlineAfter = .seconds(try configuration.value(FleetSettings.offlineAfter))
            extensionTimeout = .seconds(try configuration.value(FleetSettings.extensionTimeout))
            mostFailures = try configuration.value(FleetSettings.mostFailures)
            retentionDays = try configuration.value(FleetSettings.retention)
            generationsKept = try configuration.value(FleetSettings.generations)
            let file = try configuration.value(FleetSettings.authorities)
            let scheme = try configuration.value(FleetSettings.tls.certificate).isEmpty ? "http" : "https"
            let url = try configuration.value(FleetSettings.url)
            advertised = (
                url.isEmpty ? "\(scheme)://\(try configuration.value(FleetSettings.listen))" : url,
                file.isEmpty ? nil : try TextFile.read(file)
            )
            logLevel = try configuration.value(FleetSettings.debug) ? .debug : .info
        } catch {
            throw Mistakes([error])
        }
        let files =
            mistakes.collect { () throws(Mistake) in
                try TLSFiles(configuration, FleetSettings.tls)
            } ?? nil
        tls = mistakes.collect { () throws(Mistake) in try files?.configuration() } ?? nil
        try mistakes.throwIfAny()
        if !listen.isLoopback, tls == nil {
            remarks.append("[fleet] listen is reached by other hosts without TLS: tokens can be read on the way")
        }
    }
}
