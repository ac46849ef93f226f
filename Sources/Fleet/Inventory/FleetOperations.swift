// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import Settings

/// What callers can do with the fleet. Each asks the extensions first, and is all done or not at all.
struct FleetOperations: Sendable {
    let inventory: Inventory
    let reviewer: any ChangeReviewer

    /// How an operation is to take place.
    struct Options: Sendable, Hashable {
        /// What the caller last saw; nil where that doesn't matter.
        var version: Int?
        /// Extensions aren't asked.
        var isForced = false
        /// The extension that wants it.
        var origin: String?

        init(version: Int? = nil, isForced: Bool = false, origin: String? = nil) {
            self.version = version
            self.isForced = isForced
            self.origin = origin
        }

        func check(_ version: Int, of what: String) throws {
            if let wanted = self.version, wanted != version {
                throw FleetProblem(
                    .stale,
                    "The \(what) was changed meanwhile: it is at version \(version), not \(wanted). Read it again.")
            }
        }
    }

    func perform<Value: Sendable>(
        _ caller: Caller, _ options: Options, _ plan: @escaping @Sendable (Database) throws -> Plan<Value>
    ) async throws -> Value {
        try await inventory.perform(
            as: caller, asking: options.isForced ? nil : reviewer, origin: options.origin,
            note: options.isForced ? "forced" : "", plan)
    }

    static func checkRoles(_ roles: [String], _ database: Database) throws {
        let known = try String.fetchAll(database, sql: "SELECT name FROM role ORDER BY name")
        for role in roles where !known.contains(role) {
            throw FleetProblem(
                .invalid, "There is no role \(role.quoted); there are: \(known.joined(separator: ", ")).")
        }
    }
}
