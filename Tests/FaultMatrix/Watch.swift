// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// A real agent with two sources of different intervals, and what came of each of them.
final class Watch {
    struct Source {
        let name: String
        let meters: [String]
        var ledger: Ledger
        /// What each of its cycles has while nothing is wrong.
        var expected: Set<Ledger.Key> = []
    }

    /// `cpu` has a source of its own, so that a sample's meter tells its source.
    static let besideMeter = "cpu"

    let agent: RunningAgent
    let began = Date()
    private(set) var sources: [Source]
    /// Readings looked at so far.
    private var count = 0

    /// - Parameters:
    ///   - interval: of the source with all other meters, in seconds.
    ///   - besideInterval: of the source with `cpu`.
    init(_ uri: String, every interval: Int = 2, beside besideInterval: Int = 3) throws {
        sources = [
            Source(name: "all", meters: MatrixSettings.meters, ledger: Ledger(interval: interval)),
            Source(name: "beside", meters: [Self.besideMeter], ledger: Ledger(interval: besideInterval)),
        ]
        let polling = sources.map { source in
            let meters = source.meters.map { "\"\($0)\"" }.joined(separator: ", ")
            return "{name: \(source.name), interval: \(source.ledger.interval), meters: [\(meters)]}"
        }
        // Without jitter, which would shift every cycle after the first.
        agent = try RunningAgent(
            uri: uri, polling: "sources: [\(polling.joined(separator: ", "))]\n",
            settings: "polling_namespaces = compute\n[polling]\njitter = 0\n")
    }

    /// Takes what the agent has written since the last look.
    func look() throws {
        let readings = try agent.readings()
        let now = Date()
        for reading in readings[count...] {
            sources[reading.meter == Self.besideMeter ? 1 : 0].ledger.take(reading, at: now)
        }
        count = readings.count
    }

    /// Looks until it is as wanted; the test's own time limit is what ends it otherwise.
    func wait(until isWanted: () throws -> Bool) async throws {
        try await agent.wait { _ in
            try look()
            return try isWanted()
        }
    }

    /// What was waited for has not come in a minute, which is enough on any machine.
    struct NeverSteady: Error, CustomStringConvertible {
        var source: Source
        var log: [LogLine]

        var description: String {
            let cycles = source.ledger.cycles.sorted { $0.key < $1.key }.suffix(5).map { cycle, keys in
                "cycle \(cycle): \(keys.count) samples of \(Set(keys.map(\.domain)).count) domains"
            }
            return (["\(source.name) is never steady"] + cycles + log.prefix(8).map(\.description))
                .joined(separator: "\n")
        }
    }

    /// Learns what each cycle has: waits for two that follow each other, have the same, and have these domains.
    func learn(_ domains: Set<String>) async throws {
        let deadline = Date().addingTimeInterval(60)
        for index in sources.indices {
            try await wait {
                let cycles = sources[index].ledger.cycles
                let last = cycles.keys.max() ?? 0
                let keys = cycles[last] ?? []
                guard Date() < deadline else {
                    throw NeverSteady(source: sources[index], log: log)
                }
                sources[index].expected = keys
                return keys == cycles[last - 1] && domains.isSubset(of: keys.map(\.domain))
            }
        }
    }

    /// What each cycle has, where it is known beforehand; by source.
    func expect(_ keys: [Set<Ledger.Key>]) {
        for (index, keys) in zip(sources.indices, keys) { sources[index].expected = keys }
    }

    /// From now on nothing is expected of these domains.
    func forget(_ domains: Set<String>) {
        for index in sources.indices {
            sources[index].expected = sources[index].expected.filter { !domains.contains($0.domain) }
        }
    }

    /// What the agent has logged at notice and above, in order.
    var log: [LogLine] { agent.logText.split(separator: "\n").compactMap { LogLine($0) }.filter(\.isForOperators) }
}

extension Ledger.Key {
    /// The UUID of the domain it is about. A disk's resource id begins with it, an interface's has it in the middle.
    var domain: String {
        let start = resource.firstRange(of: HypervisorLab.uuidPrefix)?.lowerBound ?? resource.startIndex
        return String(resource[start...].prefix(36))
    }
}
