// SPDX-License-Identifier: Apache-2.0
internal import FleetExtensions
internal import GuardedSQLite
internal import HypsometerKit
internal import PluginHost
internal import Synchronization

/// An installed extension, and how it is.
final class LoadedExtension: Sendable {
    enum State: String, Sendable {
        case running
        /// By an operator, or after too many failures.
        case off
        /// It could not be loaded, or its tables could not be brought up to date.
        case failed
        /// It was there once.
        case missing
    }

    struct Condition: Sendable, Hashable {
        var state: State
        var reason = ""
        /// One after the other.
        var failures = 0
        /// The number of the last event that it was told of.
        var delivered = 0
        /// Changes where somebody sets `delivered` anew.
        var replays = 0
        var calls = 0
        var failedCalls = 0
        /// Why the last call that failed did; empty where none has.
        var lastError = ""
        /// Statements that named others' tables, or did else what is not allowed.
        var refusedStatements = 0
    }

    let name: String
    let plugin: PluginExtension
    let policy: ExtensionFailurePolicy
    /// nil where it could not be opened.
    let connection: GuardedConnection?
    private let condition: Mutex<Condition>

    init(
        _ plugin: PluginExtension, policy: ExtensionFailurePolicy, connection: GuardedConnection?, condition: Condition
    ) {
        name = plugin.name
        self.plugin = plugin
        self.policy = policy
        self.connection = connection
        self.condition = Mutex(condition)
    }

    var declaration: ExtensionDeclaration? { plugin.declaration }
    var now: Condition { condition.withLock { $0 } }
    var isRunning: Bool { now.state == .running }

    var schema: ExtensionSchema? {
        guard let declaration, let connection else { return nil }
        return ExtensionSchema(
            name: name, version: declaration.version, migrations: declaration.migrations, connection: connection)
    }

    @discardableResult
    func change<Value>(_ body: (inout Condition) -> Value) -> Value { condition.withLock { body(&$0) } }

    /// - Throws: where it can't be asked.
    func requireRunning() throws {
        let condition = now
        guard condition.state == .running else {
            throw FleetProblem(
                .unanswered, "The extension \(name) is \(condition.state.rawValue): \(condition.reason)",
                extensionName: name)
        }
    }
}
