// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Two runs that followed each other.
struct Pair {
    var floor: Run
    var agent: Run

    init(floor: Run, agent: Run) {
        self.floor = floor
        self.agent = agent
    }

    /// The agent was first.
    init(agent: Run, floor: Run) { self.init(floor: floor, agent: agent) }

    /// What the agent and libvirtd used together, in terms of what the floor and libvirtd used.
    var ratio: Double { Double(agent.own + agent.daemon) / Double(floor.own + floor.daemon) }
}

extension Run {
    var ownPerCycle: Double { Double(own) / Double(cycles) / 1000 }
    var daemonPerCycle: Double { Double(daemon) / Double(cycles) / 1000 }
}

enum FloorTable {
    static let head = line("run", "floor", "libvirtd", "RSS KiB", "PSS KiB")

    static func row(_ number: Int, _ run: Run) -> String {
        line(
            "\(number)", run.ownPerCycle.fixed(0), run.daemonPerCycle.fixed(0), "\(run.resident)",
            "\(run.proportional)")
    }
}

enum PairTable {
    static let head = line("pair", "floor", "+libvirtd", "agent", "+libvirtd", "ratio", "marks", "RSS KiB", "PSS KiB")

    static func row(_ name: String, _ pair: Pair) -> String {
        line(
            name, pair.floor.ownPerCycle.fixed(0), pair.floor.daemonPerCycle.fixed(0),
            pair.agent.ownPerCycle.fixed(0), pair.agent.daemonPerCycle.fixed(0), pair.ratio.fixed(3),
            "\(pair.agent.lines)", "\(pair.agent.resident)", "\(pair.agent.proportional)")
    }

    /// Medians; and a word about runs that did not write as many of the marker's samples as there should be.
    ///
    /// - Parameter samples: what the agent makes in a cycle, all meters.
    static func summary(_ pairs: [Pair], expected: Int, samples: Int) -> String {
        func median(_ value: (Pair) -> Double) -> Double { pairs.map(value).median }
        let ratios = pairs.map(\.ratio)
        let irregular = pairs.filter { $0.agent.lines != expected }.count
        return """
            \(line(
                "median", median(\.floor.ownPerCycle).fixed(0), median(\.floor.daemonPerCycle).fixed(0),
                median(\.agent.ownPerCycle).fixed(0), median(\.agent.daemonPerCycle).fixed(0), ratios.median.fixed(3),
                median { Double($0.agent.lines) }.fixed(0), median { Double($0.agent.resident) }.fixed(0),
                median { Double($0.agent.proportional) }.fixed(0)))

            (agent + libvirtd) / (floor + libvirtd): median \(ratios.median.fixed(3)), \
            \(ratios.min().fixed(3)) to \(ratios.max().fixed(3)) in \(pairs.count) pairs
            agent's own CPU: median \(median(\.agent.ownPerCycle).fixed(0)) us per cycle, \
            \((median(\.agent.ownPerCycle) / Double(samples)).fixed(2)) us for each of its \(samples) samples\
            \(irregular == 0 ? "" : "\n\(irregular) of \(pairs.count) runs wrote other than \(expected) marks")
            """
    }
}

/// The agent that discards as the floor, and the one that publishes.
enum PublishingTable {
    static let head = line("pair", "discard", "publish", "us/sample", "RSS KiB", "RSS KiB")

    static func row(_ name: String, _ pair: Pair, _ samples: Int) -> String {
        line(
            name, pair.floor.ownPerCycle.fixed(0), pair.agent.ownPerCycle.fixed(0), cost(pair, samples).fixed(2),
            "\(pair.floor.resident)", "\(pair.agent.resident)")
    }

    static func summary(_ pairs: [Pair], _ samples: Int) -> String {
        let costs = pairs.map { cost($0, samples) }
        return """

            publishing over HTTP: median \(costs.median.fixed(2)) us of the agent's CPU for each sample, \
            \(costs.min().fixed(2)) to \(costs.max().fixed(2)) in \(pairs.count) pairs
            """
    }

    private static func cost(_ pair: Pair, _ samples: Int) -> Double {
        (pair.agent.ownPerCycle - pair.floor.ownPerCycle) / Double(samples)
    }
}

private func line(_ cells: String...) -> String {
    cells.map { String(repeating: " ", count: max(0, 10 - $0.count)) + $0 }.joined()
}

extension [Double] {
    var median: Double {
        let sorted = self.sorted()
        guard let last = sorted.indices.last else { return .nan }
        return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2
    }
}

extension Double {
    func fixed(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}

extension Double? {
    func fixed(_ digits: Int) -> String { (self ?? .nan).fixed(digits) }
}
