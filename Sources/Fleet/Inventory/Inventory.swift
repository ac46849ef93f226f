// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Databases
internal import FleetExtensions
internal import GRDB
internal import Synchronization
internal import Telemetry

/// Who is asked before something changes.
protocol ChangeReviewer: Sendable {
    /// - Parameter origin: the extension that wants the change; it isn't asked.
    /// - Throws: ``FleetProblem`` where one refuses.
    func review(_ proposed: [FleetEvent], origin: String?) async throws
}

/// The fleet as it is known: nodes, clusters, roles, tokens, and the events of all that changed, in one SQLite database.
///
/// A change, its events and its line in the audit log are one transaction.
final class Inventory: Sendable {
    let path: String
    let pool: DatabasePool
    let tokens: TokenCache
    private let lock: ProcessLock
    private let listeners = Mutex<[Int: AsyncStream<Void>.Continuation]>([:])

    /// How long a change waits for others to let go of the database.
    private static let patience = Duration.seconds(5)

    /// How often an operation is tried anew whose ground others have changed meanwhile.
    private static let mostTries = 8

    /// Blocks.
    private init(opening path: String) throws {
        self.path = path
        do {
            lock = try ProcessLock(path)
            pool = try FleetDatabase.open(path)
        } catch let fault as DatabaseFault {
            throw FleetProblem(.invalid, "\(fault)")
        } catch let error as DatabaseError {
            throw FleetProblem(.invalid, "could not use \(path): \(error.message ?? error.resultCode.description)")
        }
        tokens = TokenCache(try pool.read { try TokenRows.all($0) })
    }

    static func open(_ path: String) async throws -> Inventory {
        let result: Result<Inventory, any Error> = await offPool { Result { try Inventory(opening: path) } }
        return try result.get()
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await pool.read(body) } catch let error as DatabaseError { throw Self.problem(error) }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        let deadline = MonotonicTime.now + Self.patience
        do {
            return try await pool.writeWithoutTransaction { database in
                // From when it was asked for: those behind one that waits for another process don't each wait anew.
                let left = max(0, deadline.seconds(since: .now))
                try database.execute(sql: "PRAGMA busy_timeout = \(Int(left * 1000))")
                var value: Value?
                try database.inTransaction(.immediate) {
                    value = try body(database)
                    return .commit
                }
                guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
                return value
            }
        } catch let error as DatabaseError {
            throw Self.problem(error)
        }
    }

    private static func problem(_ error: DatabaseError) -> any Error {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: FleetProblem(.busy, "The database is busy; try again.")
        case .SQLITE_FULL: FleetProblem(.busy, "There is no room left for the database.")
        default: error
        }
    }

    /// Asks extensions, then changes all of it or nothing.
    ///
    /// - Parameters:
    ///   - reviewer: nil where nobody is asked, as for what has happened already, or by force.
    ///   - plan: called several times.
    func perform<Value: Sendable>(
        as caller: Caller, asking reviewer: (any ChangeReviewer)?, origin: String? = nil, note: String = "",
        _ plan: @escaping @Sendable (Database) throws -> Plan<Value>
    ) async throws -> Value {
        for _ in 0..<Self.mostTries {
            let proposed = try await read(plan)
            if let reviewer, !proposed.events.isEmpty {
                do {
                    try await reviewer.review(proposed.events, origin: origin)
                } catch let problem as FleetProblem {
                    try await write { database in
                        try AuditRows.add(
                            caller, proposed.action, proposed.subject, outcome: "refused", detail: problem.description,
                            database)
                    }
                    throw problem
                }
            }
            let done: Value? = try await write { database in
                let plan = try plan(database)
                guard plan.events == proposed.events else { return nil }
                return try Self.apply(plan, as: caller, note: note, database)
            }
            if let done {
                if !proposed.events.isEmpty { tellListeners() }
                return done
            }
        }
        throw FleetProblem(.conflict, "Others keep changing it; try again.")
    }

    private static func apply<Value>(
        _ plan: Plan<Value>, as caller: Caller, note: String, _ database: Database
    ) throws -> Value {
        var outcome = Plan<Value>.Outcome()
        var events = plan.events
        for change in plan.clusters where change.after != nil {
            guard let after = change.after else { continue }
            if after.id == nil {
                let made = try ClusterRows.insert(after, database)
                for index in events.indices where events[index].clusterAfter == after {
                    events[index].clusterAfter = made
                }
                outcome.clusters.append(made)
            } else {
                try ClusterRows.update(after, database)
                outcome.clusters.append(after)
            }
        }
        for change in plan.nodes {
            guard let after = change.after else {
                if let id = change.before?.id { try NodeRows.delete(id, database) }
                continue
            }
            if after.id == nil {
                let made = try NodeRows.insert(after, database)
                for index in events.indices where events[index].nodeAfter == after { events[index].nodeAfter = made }
                outcome.nodes.append(made)
            } else {
                try NodeRows.update(after, database)
                outcome.nodes.append(after)
            }
        }
        for change in plan.clusters where change.after == nil {
            if let id = change.before?.id { try ClusterRows.delete(id, database) }
        }
        for event in events { try EventRows.add(event, database) }
        let value = try plan.finish(database, outcome)
        if !plan.action.isEmpty, !events.isEmpty {
            let subject = plan.subject.isEmpty ? events.first.map(Self.subject) ?? "" : plan.subject
            try AuditRows.add(caller, plan.action, subject, outcome: "done", detail: note, database)
        }
        return value
    }

    private static func subject(_ event: FleetEvent) -> String {
        event.node?.id.map { "node \($0)" } ?? event.cluster?.id.map { "cluster \($0)" } ?? ""
    }

    // MARK: Who waits for events

    /// Something to wait at for further events.
    func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = listeners.withLock { listeners in
            let id = (listeners.keys.max() ?? 0) + 1
            listeners[id] = continuation
            return id
        }
        continuation.onTermination = { [weak self] _ in _ = self?.listeners.withLock { $0.removeValue(forKey: id) } }
        continuation.yield()
        return stream
    }

    func tellListeners() {
        for listener in listeners.withLock({ Array($0.values) }) { listener.yield() }
    }

    func close() throws {
        defer { lock.release() }
        try pool.close()
        for listener in listeners.withLock({ Array($0.values) }) { listener.finish() }
    }
}
