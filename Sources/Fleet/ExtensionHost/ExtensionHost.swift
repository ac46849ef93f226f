// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Daemon
internal import FleetExtensions
internal import GRDB
internal import GuardedSQLite
internal import HypsometerKit
internal import Logging
internal import PluginHost
internal import Settings
internal import Synchronization

/// Runs the extensions that are installed: brings their tables up to date, asks them, tells them, and keeps one that
/// fails from harming anybody else.
final class ExtensionHost: ChangeReviewer {
    let inventory: Inventory
    private let inForce: FleetInForce
    var setup: FleetSetup { inForce.setup }
    let log: Logger
    private let supervisor: PluginSupervisor
    /// By name; set once, by ``load(coreRoutes:)``.
    private let loaded = Mutex<[LoadedExtension]>([])
    private let table = Mutex(ExtensionRouteTable())
    private let problemLines = Mutex<[String]>([])

    init(_ inForce: FleetInForce, _ inventory: Inventory, log: Logger) {
        self.inForce = inForce
        self.inventory = inventory
        self.log = log
        var policy = RestartPolicy()
        // An operator who mended one doesn't want to wait for long.
        policy.firstQuarantine = .seconds(30)
        policy.longestQuarantine = .seconds(600)
        supervisor = PluginSupervisor(service: "hypsometer-fleet", policy: policy, isReporting: true, log: log)
    }

    var extensions: [LoadedExtension] { loaded.withLock { $0 } }
    var routes: ExtensionRouteTable { table.withLock { $0 } }
    /// Why plug-ins were left out before they were started.
    var problems: [String] { problemLines.withLock { $0 } }

    func find(_ name: String) throws -> LoadedExtension {
        guard let found = extensions.first(where: { $0.name == name }) else {
            throw FleetProblem(.notFound, "Cannot find extension with name '\(name.shortened())'")
        }
        return found
    }

    /// Starts what is installed, and brings its tables up to date. One that fails is left out and said.
    ///
    /// - Parameter coreRoutes: the paths that are the service's own.
    func load(coreRoutes: [RoutePattern], calls: HostCalls) async throws {
        let request = PluginSupervisor.Request(
            settings: setup.plugins, hostName: HostName.current,
            shared: HostSettings.shared(FleetSetup.settings, setup.configuration), configuration: setup.configuration,
            namespaces: PluginNamespaces.ofFleet, hostCalls: calls)
        let plugins = try await offPool { [supervisor] () throws(Mistakes) in try supervisor.load(request) }
        problemLines.withLock { $0 = plugins.problems }
        let found = plugins.extensions.sorted { $0.name < $1.name }
        try await inventory.write { database in
            for plugin in found {
                guard let declaration = plugin.declaration else { continue }
                try ExtensionRows.note(
                    plugin.name, version: declaration.version, description: declaration.description, database)
            }
        }
        let records = try await inventory.read { try ExtensionRows.all($0) }
        let path = inventory.path
        let made = await offPool { [setup] in
            found.map { plugin in
                Self.prepare(plugin, records.first { $0.name == plugin.name }, setup, path: path)
            }
        }
        for entry in made where entry.now.state != .running {
            log.error("extension \(entry.name) is \(entry.now.state.rawValue): \(entry.now.reason)")
        }
        let routes = ExtensionRouteTable(made, coreRoutes: coreRoutes)
        for (name, reason) in routes.refusals { log.error("extension \(name): a route is left out: \(reason)") }
        table.withLock { $0 = routes }
        loaded.withLock { $0 = made }
    }

    /// Blocks.
    private static func prepare(
        _ plugin: PluginExtension, _ record: ExtensionRecord?, _ setup: FleetSetup, path: String
    ) -> LoadedExtension {
        var condition = LoadedExtension.Condition(state: .running, delivered: record?.delivered ?? 0)
        var policy = plugin.declaration?.failurePolicy ?? .refuse
        var connection: GuardedConnection?
        do {
            guard plugin.declaration != nil else {
                throw FleetProblem(.conflict, plugin.whyNot ?? "could not be loaded")
            }
            connection = try GuardedConnection(path: path, prefix: ExtensionName.tablePrefix(plugin.name))
            let section = "\(EntryPoint.fleetExtension).\(plugin.name)"
            if let word = setup.configuration.texts(in: section)["failure_policy"] {
                guard let set = ExtensionFailurePolicy(rawValue: word) else {
                    throw FleetProblem(
                        .invalid, "[\(section)] failure_policy is \(word.quoted); allowed: refuse, ignore")
                }
                policy = set
            }
        } catch {
            condition.state = .failed
            condition.reason = "\(error)"
        }
        let loaded = LoadedExtension(plugin, policy: policy, connection: connection, condition: condition)
        if condition.state == .running {
            if let record, !record.isOn {
                loaded.change { ($0.state, $0.reason) = (.off, record.reason) }
            } else {
                loaded.bringUpToDate()
            }
        }
        return loaded
    }

    /// Blocks until nothing of any extension is left.
    func stop() { supervisor.stop() }
}

extension LoadedExtension {
    /// Takes the steps of its tables that weren't taken yet; where one can't be, it has failed. Blocks.
    func bringUpToDate() {
        do {
            try schema?.upgrade()
            change { ($0.state, $0.reason, $0.failures) = (.running, "", 0) }
        } catch {
            change { ($0.state, $0.reason) = (.failed, "\(error)") }
        }
    }
}
