// SPDX-License-Identifier: Apache-2.0
package import Settings

extension PluginSupervisor {
    /// What plug-ins are loaded by.
    package struct Request: Sendable {
        package var settings: PluginSettings
        package var hostName: String
        /// As ``HostSettings`` gives them.
        package var shared: [String: [String: String]]
        package var configuration: Configuration
        /// Those that the service has a use for.
        package var namespaces: Set<String>
        /// What `ceilometer.poll.agent` stands for.
        package var pollingNamespaces: [String]
        /// Taken already by what comes with us: `namespace` to names.
        package var builtIn: [String: Set<String>]
        /// What plug-ins may call of the host's; nil for nothing.
        package var hostCalls: HostCalls?

        package init(
            settings: PluginSettings, hostName: String, shared: [String: [String: String]],
            configuration: Configuration, namespaces: Set<String>, pollingNamespaces: [String] = [],
            builtIn: [String: Set<String>] = [:], hostCalls: HostCalls? = nil
        ) {
            self.settings = settings
            self.hostName = hostName
            self.shared = shared
            self.configuration = configuration
            self.namespaces = namespaces
            self.pollingNamespaces = pollingNamespaces
            self.builtIn = builtIn
            self.hostCalls = hostCalls
        }
    }
}
