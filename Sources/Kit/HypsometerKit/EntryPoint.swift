// SPDX-License-Identifier: Apache-2.0
public import FleetExtensions
public import Telemetry

/// One thing that a plug-in offers: what the manifest names, and the type behind it.
public struct EntryPoint: Sendable {
    typealias Make<Contract> = @Sendable (PluginContext) throws -> Contract

    enum Kind: Sendable {
        case pollster([Meter], defaultDiscovery: String?, Make<any Pollster>)
        case discovery(Make<any Discovery>)
        case publisher(options: Set<String>, Make<any Publisher>)
        case notifications(Make<any NotificationPlugin>)
        case goal(Goal)
        case strategy(any Strategy, models: [any JSONModel.Type])
        case planner(options: [Parameter], Make<any Planner>)
        case scoringEngine(Make<any ScoringEngine>)
        case collector(
            kind: String, options: [Parameter], models: [any JSONModel.Type], Make<any ClusterDataModelCollector>)
        case fleetExtension(any FleetExtension.Type, Make<any FleetExtension>)
    }

    /// As in the manifest: `ceilometer.poll.compute`, `ceilometer.publisher`, …
    public let namespace: String
    public let name: String
    let kind: Kind

    /// - Parameters:
    ///   - meters: all that it may give samples of.
    ///   - defaultDiscovery: where its resources come from when `polling.yaml` names none, such as `local_instances`;
    ///     nil for a pollster of the host itself, which is asked without resources.
    public static func pollster<Entry: Loadable & Pollster>(
        _ name: String, in namespace: PollingNamespace = .compute, meters: [Meter], defaultDiscovery: String? = nil,
        _ type: Entry.Type
    ) -> EntryPoint {
        EntryPoint(
            namespace: namespace.entryPointNamespace, name: name,
            kind: .pollster(meters, defaultDiscovery: defaultDiscovery) { try Entry(context: $0) })
    }

    /// - Parameter name: as `polling.yaml` names it.
    public static func discovery<Entry: Loadable & Discovery>(_ name: String, _ type: Entry.Type) -> EntryPoint {
        EntryPoint(namespace: Self.discovery, name: name, kind: .discovery { try Entry(context: $0) })
    }

    /// One is made for each URL of its scheme in `pipeline.yaml`.
    ///
    /// - Parameters:
    ///   - scheme: what its URLs begin with.
    ///   - options: what they may say after the `?`.
    public static func publisher<Entry: Loadable & Publisher>(
        _ scheme: String, options: Set<String> = [], _ type: Entry.Type
    ) -> EntryPoint {
        EntryPoint(
            namespace: Self.publisher, name: scheme, kind: .publisher(options: options) { try Entry(context: $0) })
    }

    public static func notifications<Entry: Loadable & NotificationPlugin>(
        _ name: String, _ type: Entry.Type
    ) -> EntryPoint {
        EntryPoint(namespace: Self.notifications, name: name, kind: .notifications { try Entry(context: $0) })
    }

    /// An extension of the fleet service, under its own name.
    public static func fleetExtension<Entry: Loadable & FleetExtension>(_ type: Entry.Type) -> EntryPoint {
        EntryPoint(
            namespace: Self.fleetExtension, name: type.name,
            kind: .fleetExtension(type) { try Entry(context: $0) })
    }

    package static let fleetExtension = "nailgun.extensions"
    package static let discovery = "ceilometer.discover"
    package static let publisher = "ceilometer.publisher"
    package static let notifications = "ceilometer.notification"
}
