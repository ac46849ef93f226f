// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Audits
import Daemon
import Datasources
import Logging
import PluginHost
import Settings

/// The plug-ins that decide and that make models.
struct PluginOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A directory with plug-ins; may be repeated.", valueName: "path"))
    var pluginDir: [String] = []

    func validate() throws {
        if pluginDir.contains("") { throw ValidationError("--plugin-dir takes a path, found an empty one") }
    }

    /// Runs `body` while the installed plug-ins run.
    ///
    /// - Parameter service: under which name 'hypsometer plugin list' shows how they are; nil where the program only
    ///   looks.
    func run(
        _ configuration: Configuration, as service: String? = nil,
        _ body: (OptimizingPlugins) async throws(Mistakes) -> Int32
    ) async throws(Mistakes) -> Int32 {
        let log = Logger(label: "hypsometer")
        var settings = try PluginSettings(configuration)
        settings.directories += pluginDir
        let builtIn = OptimizingAssembly.catalog
        let host = PluginSupervisor(service: service ?? "hypsometer", isReporting: service != nil, log: log)
        let request = PluginSupervisor.Request(
            settings: settings, hostName: HostName.current,
            shared: HostSettings.shared(
                AuditSettings.all(builtIn) + CollectorOptions.settings + DatasourceSettings.all + PluginSettings.all,
                configuration),
            configuration: configuration, namespaces: PluginNamespaces.ofAudits,
            builtIn: OptimizingPlugins.names(of: builtIn))
        // Starting and stopping wait for other programs.
        let loaded = try await offPool { () throws(Mistakes) in try host.load(request) }
        let result: Result<Int32, Mistakes>
        do throws(Mistakes) {
            result = .success(try await body(OptimizingPlugins(loaded, configuration, besides: builtIn, log: log)))
        } catch {
            result = .failure(error)
        }
        await offPool { host.stop() }
        return try result.get()
    }
}
