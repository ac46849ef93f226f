// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Why an extension doesn't let something happen; the words are shown to whoever asked for it.
public struct FleetRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String

    public init(_ reason: String) { description = reason }
}

/// What becomes of an operation when an extension that was asked about it fails to answer.
public enum ExtensionFailurePolicy: String, Sendable, Hashable, CaseIterable {
    /// It does not take place.
    case refuse
    /// It does, as if the extension had not been asked.
    case ignore
}

/// Extends the fleet service: it is asked before a change, told of it afterwards, answers requests, keeps data of its own.
///
/// Each requirement but the first three has a default, so that an extension says only what it is about. It is made once
/// for each start of its program, and calls may come while others are under way. What it is told comes at least once: a
/// handler that ran while the service was killed runs again, with the same ``FleetEvent/id``.
public protocol FleetExtension: Sendable {
    /// Lower-case letters, digits, `_` between them; at most 64.
    static var name: String { get }
    /// A semantic version: `1.0.0`.
    static var version: String { get }
    /// What it does, in a few words.
    static var description: String { get }
    /// The calls that others may make by name, each answered by ``answer(_:)``.
    static var provides: [String] { get }
    /// The changes that it wants to be asked about beforehand.
    static var checks: Set<FleetEvent.Kind> { get }
    /// What it wants to be told of; all, as a rule.
    static var events: Set<FleetEvent.Kind> { get }
    static var failurePolicy: ExtensionFailurePolicy { get }
    static var migrations: [ExtensionMigration] { get }
    static var dataPipelines: [any DataPipeline.Type] { get }
    /// What it answers over HTTP.
    var routes: [ExtensionRoute] { get }

    /// Asked before anything is changed, with the change as it would be; ``FleetEvent/id`` is empty then.
    ///
    /// - Throws: ``FleetRefusal``, and the change doesn't take place.
    func check(_ proposed: FleetEvent) async throws
    func onNodeCreate(_ event: FleetEvent) async throws
    func onNodeUpdate(_ event: FleetEvent) async throws
    func onNodeReset(_ event: FleetEvent) async throws
    func onNodeDelete(_ event: FleetEvent) async throws
    /// Once for all nodes that were deleted together, after ``onNodeDelete(_:)`` for each.
    func onNodeCollectionDelete(_ event: FleetEvent) async throws
    func onNodeOnline(_ event: FleetEvent) async throws
    func onNodeOffline(_ event: FleetEvent) async throws
    func onRemoveNodeFromCluster(_ event: FleetEvent) async throws
    func onClusterCreate(_ event: FleetEvent) async throws
    func onClusterUpdate(_ event: FleetEvent) async throws
    /// After its nodes were deleted or released.
    func onClusterDelete(_ event: FleetEvent) async throws
    func onExtensionEnabled(_ event: FleetEvent) async throws
    func onExtensionDisabled(_ event: FleetEvent) async throws
    /// Asked, where it is enabled on the cluster, before the cluster is deployed.
    ///
    /// - Parameter nodes: all of the cluster's.
    /// - Throws: ``FleetRefusal``, and the cluster isn't deployed.
    func onBeforeDeploymentCheck(_ cluster: FleetCluster, nodes: [FleetNode]) async throws
    /// Answers a call of those that it ``provides``.
    ///
    /// - Throws: ``FleetRefusal`` where there is no answer, with the words for whoever called.
    func answer(_ call: ExtensionCall) async throws -> JSONValue
}

extension FleetExtension {
    public static var provides: [String] { [] }
    public static var checks: Set<FleetEvent.Kind> { [] }
    public static var events: Set<FleetEvent.Kind> { Set(FleetEvent.Kind.allCases) }
    public static var failurePolicy: ExtensionFailurePolicy { .refuse }
    public static var migrations: [ExtensionMigration] { [] }
    public static var dataPipelines: [any DataPipeline.Type] { [] }
    public var routes: [ExtensionRoute] { [] }

    /// What the names of its tables, views, indexes and triggers begin with.
    public static var tablePrefix: String { ExtensionName.tablePrefix(name) }
    public static var fullName: String { "\(name)-\(version)" }

    public func check(_ proposed: FleetEvent) async throws {}
    public func onNodeCreate(_ event: FleetEvent) async throws {}
    public func onNodeUpdate(_ event: FleetEvent) async throws {}
    public func onNodeReset(_ event: FleetEvent) async throws {}
    public func onNodeDelete(_ event: FleetEvent) async throws {}
    public func onNodeCollectionDelete(_ event: FleetEvent) async throws {}
    public func onNodeOnline(_ event: FleetEvent) async throws {}
    public func onNodeOffline(_ event: FleetEvent) async throws {}
    public func onRemoveNodeFromCluster(_ event: FleetEvent) async throws {}
    public func onClusterCreate(_ event: FleetEvent) async throws {}
    public func onClusterUpdate(_ event: FleetEvent) async throws {}
    public func onClusterDelete(_ event: FleetEvent) async throws {}
    public func onExtensionEnabled(_ event: FleetEvent) async throws {}
    public func onExtensionDisabled(_ event: FleetEvent) async throws {}
    public func onBeforeDeploymentCheck(_ cluster: FleetCluster, nodes: [FleetNode]) async throws {}
    public func answer(_ call: ExtensionCall) async throws -> JSONValue {
        throw FleetRefusal("\(Self.name) says that it provides \(call.name) and doesn't answer it")
    }

    /// Calls the callback of the event's kind.
    public func receive(_ event: FleetEvent) async throws {
        switch event.kind {
        case .nodeCreate: try await onNodeCreate(event)
        case .nodeUpdate: try await onNodeUpdate(event)
        case .nodeReset: try await onNodeReset(event)
        case .nodeDelete: try await onNodeDelete(event)
        case .nodeCollectionDelete: try await onNodeCollectionDelete(event)
        case .nodeOnline: try await onNodeOnline(event)
        case .nodeOffline: try await onNodeOffline(event)
        case .removeNodeFromCluster: try await onRemoveNodeFromCluster(event)
        case .clusterCreate: try await onClusterCreate(event)
        case .clusterUpdate: try await onClusterUpdate(event)
        case .clusterDelete: try await onClusterDelete(event)
        case .extensionEnabled: try await onExtensionEnabled(event)
        case .extensionDisabled: try await onExtensionDisabled(event)
        }
    }
}
