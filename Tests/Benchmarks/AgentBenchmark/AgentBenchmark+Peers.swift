// SPDX-License-Identifier: Apache-2.0
import TestSupport

extension AgentBenchmark {
    /// What the agent and others cost that read the same domains at the same interval, each with all that it can read.
    func runPeers(in peers: String, uri: String, on stage: Stage) throws {
        let programs = [
            ("hypsometer-polling", Program.writingAgent(agent, uri: uri, interval: interval)),
            ("collectd, virt", Program.collectd(in: peers, uri: uri, interval: interval)),
            ("libvirt-exporter", Program.exporter(in: peers, uri: uri, interval: interval)),
            ("ceilometer-polling", Program.ceilometer(in: peers, uri: uri, interval: interval)),
        ]
        print(
            "\(domains) domains, \(cycles) cycles of \(interval) s in each run, CPU in ms per cycle; medians of \(pairs) runs\n"
        )
        print(PeerRow.head)
        var ours: PeerRow?
        for (name, program) in programs {
            let row = PeerRow(
                name: name, runs: try (0..<max(1, pairs)).map { _ in try stage.measure(program) })
            print(row.line(beside: ours ?? row, values: try values(of: program, row, in: peers, uri: uri, on: stage)))
            ours = ours ?? row
        }
    }

    /// Values that a cycle gives. Ceilometer tells them only where it logs each, in a run that isn't measured.
    private func values(
        of program: Program, _ row: PeerRow, in peers: String, uri: String, on stage: Stage
    ) throws -> Int {
        guard program.executable.hasSuffix("ceilometer-polling") else { return row.lines / cycles }
        var short = stage
        short.cycles = 1
        return try short.measure(.ceilometer(in: peers, uri: uri, interval: interval, counts: true)).lines
    }
}

/// One program's figures.
struct PeerRow {
    private let name: String
    private let own: Double
    private let daemon: Double
    private let resident: Double
    /// Marks in a run: the median.
    let lines: Int

    init(name: String, runs: [Run]) {
        self.name = name
        own = runs.map(\.ownPerCycle).median / 1000
        daemon = runs.map(\.daemonPerCycle).median / 1000
        resident = runs.map { Double($0.resident) }.median / 1024
        lines = Int(runs.map { Double($0.lines) }.median)
    }

    static let head = row("program", "own", "libvirtd", "both", "ratio", "values", "us/value", "RSS MiB")

    /// - Parameter reference: whose CPU time, with libvirtd's, is 1.
    func line(beside reference: PeerRow, values: Int) -> String {
        let both = own + daemon
        return Self.row(
            name, own.fixed(1), daemon.fixed(1), both.fixed(1), (both / (reference.own + reference.daemon)).fixed(2),
            "\(values)", (own * 1000 / Double(values)).fixed(1), resident.fixed(0))
    }

    private static func row(_ name: String, _ cells: String...) -> String {
        name + String(repeating: " ", count: max(1, 20 - name.count))
            + cells.map { String(repeating: " ", count: max(0, 10 - $0.count)) + $0 }.joined()
    }
}
