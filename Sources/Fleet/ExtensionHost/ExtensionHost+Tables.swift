// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import FleetExtensions
internal import GRDB
internal import GuardedSQLite
internal import HypsometerKit
internal import Settings

/// An operator's commands about extensions' tables.
extension ExtensionHost {
    /// Runs what blocks on another thread.
    func offThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value { await offPool(body) }

    func tables(of name: String) async throws -> [ExtensionSchema.Step] {
        guard let schema = try find(name).schema else { throw noTables(name) }
        return try await blocking { try schema.status() }
    }

    func upgradeTables(of name: String, as caller: Caller) async throws -> [String] {
        let entry = try find(name)
        guard let schema = entry.schema else { throw noTables(name) }
        let taken = try await blocking { try schema.upgrade() }
        if entry.now.state == .failed { entry.change { ($0.state, $0.reason) = (.running, "") } }
        try await note("extension.upgrade", name, taken, caller)
        inventory.tellListeners()
        return taken
    }

    func downgradeTables(of name: String, steps: Int, as caller: Caller) async throws -> [String] {
        let entry = try find(name)
        guard let schema = entry.schema else { throw noTables(name) }
        guard !entry.isRunning else {
            throw FleetProblem(
                .conflict,
                "The extension \(name) is running; switch it off first, or it works on tables that are gone.",
                extensionName: name)
        }
        let taken = try await blocking { try schema.downgrade(steps: steps) }
        try await note("extension.downgrade", name, taken, caller)
        return taken
    }

    /// Also of one that is not installed any more.
    ///
    /// - Returns: how many tables there were.
    func purgeTables(of name: String, as caller: Caller) async throws -> Int {
        guard ExtensionName.isValid(name) else { throw noTables(name) }
        let entry = extensions.first { $0.name == name }
        if entry?.isRunning == true {
            throw FleetProblem(
                .conflict, "The extension \(name) is running; switch it off first.", extensionName: name)
        }
        return try await inventory.write { database in
            guard try ExtensionRows.all(database).contains(where: { $0.name == name }) else {
                throw FleetProblem(.notFound, "Cannot find extension with name '\(name)'")
            }
            let count = try ExtensionRows.purge(name, prefix: ExtensionName.tablePrefix(name), database)
            try AuditRows.add(
                caller, "extension.purge", "extension \(name)", outcome: "done", detail: "\(count) tables", database)
            if let declaration = entry?.declaration {
                // It is installed still: known, off, and told of nothing that it missed.
                try ExtensionRows.note(
                    name, version: declaration.version, description: declaration.description, database)
                try ExtensionRows.set(name, isOn: false, reason: "its tables were purged", database)
            }
            return count
        }
    }

    private func noTables(_ name: String) -> FleetProblem {
        FleetProblem(.notFound, "The extension \(name.shortened()) has no tables that are known.", extensionName: name)
    }

    private func note(_ action: String, _ name: String, _ steps: [String], _ caller: Caller) async throws {
        try await inventory.write { database in
            try AuditRows.add(
                caller, action, "extension \(name)", outcome: "done", detail: steps.joined(separator: ", "), database)
        }
    }

    private func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let result: Result<Value, any Error> = await offPool { Result { try body() } }
        do { return try result.get() } catch let error as SQLError {
            throw FleetProblem(error.isBusy ? .busy : .conflict, "The database says: \(error)")
        }
    }
}
