// SPDX-License-Identifier: Apache-2.0
internal import HypsometerKit

/// The namespaces that manifests may name: the older systems' own.
package enum PluginNamespaces {
    package static let all: [String] =
        PollingNamespace.allCases.map(\.entryPointNamespace) + [
            EntryPoint.discovery, EntryPoint.notifications, EntryPoint.publisher, EntryPoint.fleetExtension,
            "watcher_cluster_data_model_collectors", "watcher_goals", "watcher_planners", "watcher_scoring_engines",
            "watcher_strategies",
        ]

    /// Those that a polling agent runs.
    package static let ofPollingAgent: Set<String> =
        Set(PollingNamespace.allCases.map(\.entryPointNamespace)).union([EntryPoint.discovery, EntryPoint.publisher])

    /// Those that the fleet service runs.
    package static let ofFleet: Set<String> = [EntryPoint.fleetExtension]

    /// Those that `plugin check` can try.
    package static let triable = ofPollingAgent.union(ofFleet).union([EntryPoint.notifications])

    /// Whether a section of the configuration is one of a plug-in's, `{namespace}.{name}`.
    package static func own(section: String) -> Bool { all.contains { section.hasPrefix($0 + ".") } }
}
