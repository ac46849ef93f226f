// SPDX-License-Identifier: Apache-2.0
internal import FleetExtensions
internal import JSONText
internal import Synchronization

/// What the host has started, and what has been made of it.
final class LoadedEntries: Sendable {
    /// Which of several that are made by one entry point.
    enum Key: Hashable {
        case pollster(namespace: String, name: String, instance: Int)
        case publisher(PublisherTarget)
        case other(namespace: String, name: String)
    }

    private struct State {
        var contexts: [String: PluginContext] = [:]
        var made: [Key: any Sendable] = [:]
    }

    private let entryPoints: [EntryPoint]
    private let state = Mutex(State())

    private let host: HostConnection

    init(_ entryPoints: [EntryPoint], host: HostConnection) {
        self.entryPoints = entryPoints
        self.host = host
    }

    /// Tries to make each entry point that is wanted, so that one that can't work says so now.
    func start(_ message: StartMessage) throws(RPCError) -> StartAnswer {
        guard message.version == PluginProtocol.version else {
            throw RPCError(
                .invalidParameters,
                "speaks version \(PluginProtocol.version) of the protocol, the host \(message.version)")
        }
        return StartAnswer(entries: try message.entries.map { wanted throws(RPCError) in try load(wanted, message) })
    }

    private func load(_ wanted: StartMessage.Entry, _ message: StartMessage) throws(RPCError) -> StartAnswer.Entry {
        let entryPoint = try entryPoint(wanted.namespace, wanted.name)
        var context = PluginContext(
            name: wanted.name, hostName: message.hostName, options: entryPoint.filled(wanted.options),
            settings: message.settings)
        if !message.hostMethods.isEmpty { context.host = EntryHost(host, entry: wanted.name) }
        state.withLock { [context] in $0.contexts[Self.contextKey(wanted.namespace, wanted.name)] = context }
        var answer = StartAnswer.Entry(namespace: wanted.namespace, name: wanted.name)
        do {
            switch entryPoint.kind {
            case .pollster(let meters, let defaultDiscovery, let make):
                // The first list of resources gets this one.
                let key = Key.pollster(namespace: wanted.namespace, name: wanted.name, instance: 1)
                _ = try made(key, wanted.namespace, wanted.name, make)
                answer.meters = meters
                answer.defaultDiscovery = defaultDiscovery
            case .discovery: _ = try discovery(wanted.name)
            case .publisher(let options, _): answer.options = options  // made for each URL
            case .fleetExtension(let type, _):
                answer.fleetExtension = ExtensionDeclaration(type, routes: try fleetExtension(wanted.name).routes).value
            case .notifications: answer.eventTypes = try notifications(wanted.name).eventTypes
            case .goal, .strategy, .planner, .scoringEngine, .collector: answer.offer = try offer(of: entryPoint)
            }
        } catch let disabled as PluginDisabled {
            answer.disabled = disabled.description
        } catch {
            throw RPCError(.failed, "[\(wanted.namespace).\(wanted.name)] \(error)")
        }
        return answer
    }

    func pollster(
        _ namespace: String, _ name: String, instance: Int
    ) throws -> (pollster: any Pollster, meters: [Meter]) {
        guard case .pollster(let meters, _, let make) = try entryPoint(namespace, name).kind else {
            throw RPCError(.invalidParameters, "\(name) is no pollster")
        }
        let key = Key.pollster(namespace: namespace, name: name, instance: instance)
        return (try made(key, namespace, name, make), meters)
    }

    func discovery(_ name: String) throws -> any Discovery {
        guard case .discovery(let make) = try entryPoint(EntryPoint.discovery, name).kind else {
            throw RPCError(.invalidParameters, "\(name) is no discovery")
        }
        return try made(.other(namespace: EntryPoint.discovery, name: name), EntryPoint.discovery, name, make)
    }

    func notifications(_ name: String) throws -> any NotificationPlugin {
        guard case .notifications(let make) = try entryPoint(EntryPoint.notifications, name).kind else {
            throw RPCError(.invalidParameters, "\(name) is no notification plug-in")
        }
        return try made(.other(namespace: EntryPoint.notifications, name: name), EntryPoint.notifications, name, make)
    }

    func fleetExtension(_ name: String) throws -> any FleetExtension {
        guard case .fleetExtension(_, let make) = try entryPoint(EntryPoint.fleetExtension, name).kind else {
            throw RPCError(.invalidParameters, "\(name) is no extension")
        }
        return try made(.other(namespace: EntryPoint.fleetExtension, name: name), EntryPoint.fleetExtension, name, make)
    }

    func publisher(_ target: PublisherTarget) throws -> any Publisher {
        guard case .publisher(_, let make) = try entryPoint(EntryPoint.publisher, target.name).kind else {
            throw RPCError(.invalidParameters, "\(target.name) is no publisher")
        }
        return try made(.publisher(target), EntryPoint.publisher, target.name) { context in
            var context = context
            context.location = target.location
            context.urlOptions = target.options
            return try make(context)
        }
    }

    func entryPoint(_ namespace: String, _ name: String) throws(RPCError) -> EntryPoint {
        guard let entryPoint = entryPoints.first(where: { $0.namespace == namespace && $0.name == name }) else {
            let known = entryPoints.map { "[\($0.namespace)] \($0.name)" }.joined(separator: ", ")
            throw RPCError(.invalidParameters, "no entry point [\(namespace)] \(name); there are: \(known)")
        }
        return entryPoint
    }

    /// The one that there is, or a new one. Made under the lock: two calls at once must not get one each.
    func made<Contract: Sendable>(
        _ key: Key, _ namespace: String, _ name: String, _ make: (PluginContext) throws -> Contract
    ) throws -> Contract {
        try state.withLock { state in
            if let known = state.made[key] as? Contract { return known }
            guard let context = state.contexts[Self.contextKey(namespace, name)] else {
                throw RPCError(.invalidRequest, "[\(namespace)] \(name) was not started")
            }
            let new = try make(context)
            state.made[key] = new
            return new
        }
    }

    private static func contextKey(_ namespace: String, _ name: String) -> String { "\(namespace).\(name)" }
}
