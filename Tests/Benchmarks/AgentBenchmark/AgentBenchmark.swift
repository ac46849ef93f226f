// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import TestSupport

/// What the agent costs beside the least that libvirt's own interface costs, on real domains.
///
/// A pair is two runs of the same length against the same libvirtd: the floor (one bulk call per cycle, nothing kept)
/// and the agent (`cpu*` to a file). Runs of a pair follow each other and swap their order from pair to pair, so that
/// whatever else the machine does weighs on both.
@main
struct AgentBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "agent-benchmark")

    @Option(help: "The agent's binary.") var agent = ".build/release/hypsometer-polling"
    @Option(help: "The floor's binary.") var floor = ".build/release/libvirt-floor"
    @Option(help: "What the floor reads.") var groups = "state,cpu"
    @Option(help: "Idle domains in the lab.") var domains = 50
    @Option(help: "Pairs of runs.") var pairs = 10
    @Option(help: "Cycles measured in each run, one a second.") var cycles = 20
    @Option(help: "Starts of the agent, timed to its first sample.") var starts = 10
    @Flag(help: "Measure the floor alone.") var floorOnly = false

    func validate() throws {
        guard domains > 0, pairs >= 0, cycles > 0, starts >= 0 else { throw ValidationError("a number is too small") }
        if let reason = HypervisorLab.unavailable { throw ValidationError(reason) }
        for binary in floorOnly ? [floor] : [floor, agent] where access(binary, X_OK) != 0 {
            throw ValidationError("\(binary): \(String(cString: strerror(errno))); build it first, in release")
        }
    }

    func run() throws {
        let scratch = try Scratch()
        let lab = try HypervisorLab.start()
        let guardian = Guardian(scratch)
        defer {
            lab.purge()
            scratch.remove()
        }
        try lab.startDomains(1...domains)
        let stage = Stage(daemon: try lab.daemonPID, cycles: cycles, scratch: scratch, guardian: guardian)
        let floorRun = Program.floor(floor, uri: lab.uri, groups: groups)
        let agentRun = Program.agent(agent, uri: lab.uri)
        print("\(domains) domains, \(cycles) cycles of 1 s in each run, CPU in microseconds per cycle\n")

        if floorOnly {
            print(FloorTable.head)
            for number in 1...max(1, pairs) { print(FloorTable.row(number, try stage.measure(floorRun))) }
            return
        }
        var measured: [Pair] = []
        print(PairTable.head)
        for number in 1...max(1, pairs) where pairs > 0 {
            let pair =
                number.isMultiple(of: 2)
                ? Pair(agent: try stage.measure(agentRun), floor: try stage.measure(floorRun))
                : Pair(floor: try stage.measure(floorRun), agent: try stage.measure(agentRun))
            print(PairTable.row("\(number)", pair))
            measured.append(pair)
        }
        if !measured.isEmpty { print(PairTable.summary(measured, expected: 2 * domains * cycles)) }
        if starts > 0 {
            let times = try (1...starts).map { _ in try stage.timeToFirstOutput(agentRun) }
            print("start to first sample: median \(times.median.fixed(1)) ms, ", terminator: "")
            print("\(times.min().fixed(1)) to \(times.max().fixed(1)) ms in \(starts) starts")
        }
    }
}
