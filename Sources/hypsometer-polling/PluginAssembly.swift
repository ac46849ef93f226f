// SPDX-License-Identifier: Apache-2.0
import Agent
import Daemon
import Logging
import Publishers
import Settings
import Synchronization

#if Compute
    import ComputePollsters
#endif

/// Hands the plug-ins that are linked into this program to the agent.
final class PluginAssembly: PluginSource {
    private let isPatient: Bool
    private let log: Logger

    #if Compute
        /// What the last configuration gave: it is kept, with all it remembers, until its settings change.
        private let compute = Mutex<(settings: ComputeSettings, plugins: ComputePlugins, generation: Int)?>(nil)
    #endif

    /// - Parameter isPatient: whether a hypervisor that doesn't answer is tried again within a cycle.
    init(isPatient: Bool, log: Logger) {
        self.isPatient = isPatient
        self.log = log
    }

    var settings: [AnySetting] {
        #if Compute
            PublisherSettings.all + ComputeSettings.all
        #else
            PublisherSettings.all
        #endif
    }

    func plugins(for configuration: Configuration) throws(Mistakes) -> (plugins: Plugins, generation: Int) {
        var plugins = Plugins()
        var generation = 0
        #if Compute
            let settings = try ComputeSettings(configuration)
            let host = settings.host
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
            let host = HostName.current
        #endif
        do throws(Mistake) {
            plugins.publishers = BuiltInPublishers.all(try PublisherSettings(configuration, host: host, log: log))
        } catch {
            throw Mistakes([error])
        }
        return (plugins, generation)
    }
}
