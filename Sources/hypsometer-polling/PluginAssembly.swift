// SPDX-License-Identifier: Apache-2.0
import Agent
import CloudAccess
import Coordination
import Daemon
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
    private let environment: [String: String]
    private let log: Logger
    private let host: PluginSupervisor

    #if Compute
        /// What the last configuration gave: it is kept, with all it remembers, until its settings change.
        private let compute = Mutex<(settings: ComputeSettings, plugins: ComputePlugins, generation: Int)?>(nil)
    #endif

    private let session = Mutex<CloudSession?>(nil)
    private let dynamic: DynamicAssembly

    /// - Parameters:
    ///   - isPatient: whether a hypervisor that doesn't answer is tried again within a cycle.
    ///   - isService: whether others may want to know how its plug-ins are.
    init(
        isPatient: Bool, isService: Bool, directories: [String], environment: [String: String], log: Logger
    ) {
        self.environment = environment
        self.isPatient = isPatient
        self.directories = directories
        self.log = log
        dynamic = DynamicAssembly(log: log)
        host = PluginSupervisor(service: "hypsometer-polling", isReporting: isService, log: log)
    }

    /// Blocks until nothing of any plug-in's process is left.
    func stop() { host.stop() }

    var settings: [AnySetting] {
        let common =
            PluginSettings.all + PublisherSettings.all + dynamic.settings + CoordinationSettings.all
            + CloudSettings.all
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
        do throws(Mistake) {
            plugins.publishers = BuiltInPublishers.all(try PublisherSettings(configuration, host: hostName, log: log))
        } catch {
            throw Mistakes([error])
        }
        generation += try dynamic.add(
            to: &plugins, configuration, session: try session(configuration), hostName: hostName)
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
        // Both only grow: the sum changes when one of them does.
        return (plugins, generation + installed.generation)
    }

    /// The one session of this program, which asks nobody before it is used; nil where no cloud is configured.
    private func session(_ configuration: Configuration) throws(Mistakes) -> CloudSession? {
        do throws(Mistake) {
            let credentials = try CloudAccess.credentials(configuration, environment: environment)
            return session.withLock { known in
                if known?.credentials != credentials { known = credentials.map { CloudSession($0) } }
                return known
            }
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
