// SPDX-License-Identifier: Apache-2.0
import Agent
import CentralPollsters
import Coordination
import Daemon
import FleetAgent
import HypsometerKit
import Logging
import OpenStack
import Pipelines
import PluginHost
import Publishers
import Settings
import Synchronization

#if Compute
    import ComputePollsters
#endif

/// Hands plug-ins to the agent: those that are linked into this program, and those that are installed beside it. They
/// go through the same list.
final class PluginAssembly: PluginSource {
    private let isPatient: Bool
    /// As the command line names them.
    private let directories: [String]
    private let log: Logger
    private let host: PluginSupervisor
    private let exposed = ExposedSamples()
    /// As the last configuration has it; nil for none.
    private let exporter = Mutex<ExporterOptions?>(nil)
    /// What the endpoint was started with, once it was looked at.
    private let started = Mutex<ExporterOptions??>(nil)
    private let central: CentralAssembly

    #if Compute
        /// What the last configuration gave: it is kept, with all it remembers, until its settings change.
        private let compute = Mutex<(settings: ComputeSettings, plugins: ComputePlugins, generation: Int)?>(nil)
    #endif

    private let dynamic: DynamicAssembly

    /// - Parameters:
    ///   - isPatient: whether a hypervisor that doesn't answer is tried again within a cycle.
    ///   - isService: whether others may want to know how its plug-ins are.
    init(
        isPatient: Bool, isService: Bool, directories: [String], environment: [String: String], log: Logger
    ) {
        self.isPatient = isPatient
        self.directories = directories
        self.log = log
        central = CentralAssembly(environment: environment, isService: isService, log: log)
        dynamic = DynamicAssembly(log: log)
        host = PluginSupervisor(service: "hypsometer-polling", isReporting: isService, log: log)
    }

    /// Blocks until nothing of any plug-in's process is left.
    func stop() { host.stop() }

    var settings: [AnySetting] {
        let common =
            ExporterOptions.all + PluginSettings.all + PublisherSettings.all + central.settings + dynamic.settings
            + CoordinationSettings.all + FleetAgentSettings.all
        #if Compute
            return common + ComputeSettings.all
        #else
            return common
        #endif
    }

    func plugins(for configuration: Configuration) throws(Mistakes) -> (plugins: Plugins, generation: Int) {
        var plugins = Plugins()
        var generation = 0
        #if Compute
            let settings = try ComputeSettings(configuration)
            let hostName = settings.host
            let made = compute.withLock { known in
                if let known, known.settings == settings { return known }
                let new = (
                    settings, ComputePlugins(settings, isPatient: isPatient, log: log), (known?.generation ?? 0) + 1
                )
                known = new
                return new
            }
            plugins.pollsters += made.plugins.pollsters
            plugins.discoveries += made.plugins.discoveries
            generation = made.generation
        #else
            let hostName = HostName.current
        #endif
        plugins.hostName = hostName
        let central = try central.plugins(configuration)
        do throws(Mistake) {
            plugins.publishers = BuiltInPublishers.all(
                try PublisherSettings(configuration, host: hostName, cloud: central.session?.credentials, log: log))
            let options = try ExporterOptions(configuration)
            note(options)
            if options != nil { plugins.observers = [exposed] }
        } catch {
            throw Mistakes([error])
        }
        plugins.pollsters += central.plugins.pollsters
        plugins.discoveries += central.plugins.discoveries
        generation += central.generation
        generation += try dynamic.add(to: &plugins, configuration, session: central.session, hostName: hostName)
        do throws(Mistake) {
            _ = try SharedWork.settings(configuration)
        } catch {
            throw Mistakes([error])
        }
        let installed = try installed(configuration, hostName: hostName, besides: plugins)
        plugins.pollsters += installed.pollsters
        plugins.discoveries += installed.discoveries
        plugins.publishers += installed.publishers.map(PublisherRegistration.init(of:))
        plugins.sections = installed.sections
        plugins.hasGaps = installed.hasGaps
        if let names = central.names { plugins.pollsters = plugins.pollsters.map(names.naming) }
        // They only grow: the sum changes when one of them does.
        return (plugins, generation + installed.generation)
    }

    private func note(_ options: ExporterOptions?) {
        exporter.withLock { $0 = options }
        if let started = started.withLock({ $0 }), started != options {
            log.warning("the settings of the Prometheus endpoint have changed; they hold from the next start on")
        }
    }

    /// Listens for Prometheus where that is wanted. Later changes are told, and take a restart.
    func startExporter(_ memory: MetricsMemory) async throws(Mistakes) -> PrometheusExporter? {
        let options = exporter.withLock { $0 }
        started.withLock { $0 = .some(options) }
        guard let options else { return nil }
        do throws(Mistake) {
            return try await PrometheusExporter.start(options, exposed, figures: { memory.figures }, log: log)
        } catch {
            throw Mistakes([error])
        }
    }

    private func installed(
        _ configuration: Configuration, hostName: String, besides builtIn: Plugins
    ) throws(Mistakes) -> LoadedPlugins {
        var settings = try PluginSettings(configuration)
        settings.directories += directories
        var names: [String: Set<String>] = [EntryPoint.publisher: Set(builtIn.publishers.map(\.scheme))]
        names[EntryPoint.discovery] = Set(builtIn.discoveries.map(\.name))
        for pollster in builtIn.pollsters {
            for namespace in pollster.namespaces + ["agent"] {
                names["ceilometer.poll.\(namespace)", default: []].insert(pollster.name)
            }
        }
        return try self.host.load(
            PluginSupervisor.Request(
                settings: settings, hostName: hostName,
                shared: HostSettings.shared(AgentSettings.all + self.settings, configuration),
                configuration: configuration, namespaces: PluginNamespaces.ofPollingAgent,
                pollingNamespaces: AgentSettings.namespaces, builtIn: names))
    }
}
