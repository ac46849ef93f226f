// SPDX-License-Identifier: Apache-2.0
/// What a fault has cost: the samples that were not there from before it until all was well again.
struct Loss {
    /// One source's share of it.
    struct Share {
        let name: String
        /// Seconds.
        let interval: Int
        /// The cycles that were due while the fault lasted, and the one that was running when it began.
        let duringFault: ClosedRange<Int>
        var misses: Set<Ledger.Miss>
    }

    static let nothing = "nothing"

    var shares: [Share]
    /// Seconds from the fault's end until each source had written a full cycle; nil where that was not to be waited
    /// for.
    var recovery: Double?
    /// What the agent logged meanwhile.
    var log: [LogLine]

    /// What is missing though it may not.
    func beyond(_ mayMiss: (Share, Ledger.Miss) -> Bool) -> Loss {
        var loss = self
        loss.shares = shares.map { share in
            var share = share
            share.misses = share.misses.filter { !mayMiss(share, $0) }
            return share
        }
        return loss
    }

    /// For the table, and for a test that fails.
    var words: String {
        let parts = shares.filter { !$0.misses.isEmpty }.map { share in
            let cycles = share.misses.cycles.count.of("cycle")
            let domains = Set(share.misses.map(\.key.domain)).count.of("domain")
            return "\(cycles) of \(share.interval) s, \(share.misses.count.of("sample")) of \(domains)"
        }
        return parts.isEmpty ? Self.nothing : parts.joined(separator: "; ")
    }
}

extension Loss {
    /// For a test that fails: what each cycle lacks, and what was logged.
    var details: String {
        let lines = shares.flatMap { share in
            Dictionary(grouping: share.misses, by: \.cycle).sorted { $0.key < $1.key }.map { cycle, misses in
                let domains = Set(misses.map { $0.key.domain.suffix(3) }).sorted().prefix(8).joined(separator: " ")
                let meters = Set(misses.map(\.key.meter)).sorted().prefix(5).joined(separator: " ")
                return "\(share.name) \(cycle) (fault: \(share.duringFault)): \(misses.count): \(domains): \(meters)"
            }
        }
        let more = log.count > 8 ? ["and \(log.count - 8) more lines of the log"] : []
        return (lines.prefix(20) + log.prefix(8).map(\.description) + more).joined(separator: "\n")
    }
}

extension Int {
    fileprivate func of(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
