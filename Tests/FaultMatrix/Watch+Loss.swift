// SPDX-License-Identifier: Apache-2.0
import Foundation

extension Watch {
    /// Seconds that are waited for all to be well again, on a machine of any speed.
    private static let longestRecovery = 120.0

    /// Runs a fault, waits until each source has a full cycle again, and tells what it cost.
    ///
    /// - Parameter fault: returns when it is over. It may ``forget(_:)`` domains.
    func loss(of fault: () async throws -> Void) async throws -> Loss {
        try look()
        let logged = log.count
        let first = sources.map { $0.ledger.lastFull($0.expected) ?? 0 }
        let start = Date()
        try await fault()
        // What came before now is no sign that it is over.
        try look()
        return try await loss(from: first, start: start, end: Date(), logged: logged)
    }

    /// The same of a fault that lasted from start to end.
    ///
    /// - Parameters:
    ///   - first: of each source, the number of the first cycle to look at.
    ///   - logged: how many lines of the log were there before.
    func loss(from first: [Int], start: Date, end: Date, logged: Int) async throws -> Loss {
        let deadline = Date().addingTimeInterval(Self.longestRecovery)
        try await wait { Date() > deadline || sources.allSatisfy { $0.recovery(since: end) != nil } }
        // One more, for what is said or lost only then.
        let next = sources.map { ($0.ledger.lastFull($0.expected) ?? 0) + 1 }
        try await wait {
            Date() > deadline || zip(sources, next).allSatisfy { ($0.ledger.lastFull($0.expected) ?? 0) >= $1 }
        }
        let shares = zip(sources, first).map { source, first in
            let ledger = source.ledger
            let fault = (ledger.cycle(dueAt: start) ?? first, ledger.cycle(dueAt: end) ?? first)
            let isWell = source.recovery(since: end) != nil
            let last = (isWell ? ledger.lastFull(source.expected) : ledger.cycle(dueAt: Date())) ?? first
            return Loss.Share(
                name: source.name, interval: ledger.interval, duringFault: fault.0...max(fault.0, fault.1),
                misses: ledger.misses(of: source.expected, in: first...max(first, last)))
        }
        let recoveries = sources.compactMap { $0.recovery(since: end) }
        return Loss(
            shares: shares, recovery: recoveries.count == sources.count ? recoveries.max() : nil,
            log: Array(log.dropFirst(logged)))
    }
}

extension Watch.Source {
    fileprivate func recovery(since time: Date) -> Double? { ledger.recovery(of: expected, since: time) }
}
