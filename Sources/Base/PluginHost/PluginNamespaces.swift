// SPDX-License-Identifier: Apache-2.0
internal import HypsometerKit

/// The namespaces that manifests may name: the older systems' own.
package enum PluginNamespaces {
    package static let all: [String] =
        PollingNamespace.allCases.map(\.entryPointNamespace) + [
            EntryPoint.discovery, EntryPoint.notifications, EntryPoint.publisher, EntryPoint.fleetExtension,
        ] + ofAudits.sorted()

    /// Those that a polling agent runs.
    package static let ofPollingAgent: Set<String> =
        Set(PollingNamespace.allCases.map(\.entryPointNamespace)).union([EntryPoint.discovery, EntryPoint.publisher])

    /// Those that the fleet service runs.
    package static let ofFleet: Set<String> = [EntryPoint.fleetExtension]

    /// Those that audits and models run.
    package static let ofAudits: Set<String> = [
        EntryPoint.goals, EntryPoint.strategies, EntryPoint.planners, EntryPoint.scoringEngines, EntryPoint.collectors,
    ]

    /// Those that the notification service runs.
    package static let ofNotificationService: Set<String> = [EntryPoint.notifications, EntryPoint.publisher]

    /// The one of notification plug-ins.
    package static let notifications = EntryPoint.notifications

    /// The one of publishers.
    package static let publishers = EntryPoint.publisher

    /// Those that `plugin check` can try.
    package static let triable = ofPollingAgent.union([EntryPoint.notifications]).union(ofAudits).union(ofFleet)

    /// Whether a section of the configuration is one of a plug-in's, `{namespace}.{name}`.
    package static func own(section: String) -> Bool { all.contains { section.hasPrefix($0 + ".") } }
}
