// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import TestSupport

/// What the agent costs beside the least that libvirt's own interface costs, on real domains.
///
/// A pair is two runs of the same length against the same libvirtd: the floor (one bulk call per cycle, nothing kept)
/// and the agent, which makes samples of all meters and discards them. Runs of a pair follow each other and swap their order from pair to pair, so that
/// whatever else the machine does weighs on both.
@main
struct AgentBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "agent-benchmark")

    @Option(help: "The agent's binary.") var agent = ".build/release/hypsometer-polling"
    @Option(help: "The floor's binary.") var floor = ".build/release/libvirt-floor"
    @Option(help: "What the agent polls, a shell wildcard.") var meters = "*"
    @Option(help: "One of these meters, by which cycles are counted.") var marker = "cpu"
    @Option(help: "What the floor reads: the groups that these meters need.")
    var groups = "state,cpu,balloon,interface,block,perf"
    @Option(help: "Lines for the agent's section [compute].") var setting: [String] = []
    @Option(help: "Idle domains in the lab.") var domains = 100
    @Option(help: "Pairs of runs.") var pairs = 10
    @Option(help: "Cycles measured in each run, one a second.") var cycles = 20
    @Option(help: "Starts of the agent, timed to its first sample.") var starts = 10
    @Flag(help: "Measure the floor alone.") var floorOnly = false
    @Option(help: "Instead: the agent alone over libvirt's test driver, with these numbers of domains.")
    var testDriver: [Int] = []

    @Option(help: "Instead: the agent beside other programs, which Tests/Benchmarks/peers put into this directory.")
    var peers: String?
    @Option(help: "With --peers: seconds from cycle to cycle.") var interval = 10

    @Flag(help: "Instead: what publishing over HTTP costs, as the difference to discard://, over the test driver.")
    var publishing = false

    func validate() throws {
        guard interval > 0, domains > 0, pairs >= 0, cycles > 0, starts >= 0 else {
            throw ValidationError("a number is too small")
        }
        let isAlone = publishing || !testDriver.isEmpty
        if !isAlone, let reason = HypervisorLab.unavailable { throw ValidationError(reason) }
        for binary in isAlone ? [agent] : floorOnly ? [floor] : peers != nil ? [agent] : [floor, agent]
        where access(binary, X_OK) != 0 {
            throw ValidationError("\(binary): \(String(cString: strerror(errno))); build it first, in release")
        }
    }

    func run() throws {
        if publishing { return try runPublishing() }
        guard testDriver.isEmpty else { return try runTestDriver() }
        let scratch = try Scratch()
        let lab = try HypervisorLab.start()
        let guardian = Guardian(scratch)
        defer {
            lab.purge()
            scratch.remove()
        }
        try lab.startDomains(1...domains)
        let stage = Stage(daemon: try lab.daemonPID, cycles: cycles, scratch: scratch, guardian: guardian)
        if let peers { return try runPeers(in: peers, uri: lab.uri, on: stage) }
        let floorRun = Program.floor(floor, uri: lab.uri, groups: groups)
        let agentRun = Program.agent(agent, uri: lab.uri, meters: meters, marker: marker, settings: setting)
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
        if !measured.isEmpty {
            let samples = try stage.sampleCount(agentRun)
            print(PairTable.summary(measured, expected: domains * cycles, samples: samples))
        }
        if starts > 0 {
            let times = try (1...starts).map { _ in try stage.timeToFirstOutput(agentRun) }
            print("start to first sample: median \(times.median.fixed(1)) ms, ", terminator: "")
            print("\(times.min().fixed(1)) to \(times.max().fixed(1)) ms in \(starts) starts")
        }
    }

    /// How the agent's own CPU time grows with the number of domains; libvirt's test driver, which is inside of the
    /// agent here, is part of that.
    private func runTestDriver() throws {
        let scratch = try Scratch()
        let guardian = Guardian(scratch)
        defer { scratch.remove() }
        var first: Double?
        for count in testDriver {
            let node = try NodeFile(instances: count)
            let stage = Stage(daemon: nil, cycles: cycles, scratch: scratch, guardian: guardian)
            let program = Program.agent(agent, uri: node.uri, meters: meters, marker: marker, settings: setting)
            let runs = try (0..<max(1, pairs)).map { _ in try stage.measure(program) }
            let own = runs.map(\.ownPerCycle).median
            first = first ?? own
            print(
                "\(count) domains: \(own.fixed(0)) us per cycle, \((own / (first ?? own)).fixed(1)) times the first;",
                "\(runs.map(\.lines).min() ?? 0) of \(count * cycles) marks;",
                "RSS \(runs.map { Double($0.resident) }.median.fixed(0)) KiB")
        }
    }

    /// All samples but the marker's are written, spooled, sent to a server in this process, and removed again.
    private func runPublishing() throws {
        let scratch = try Scratch()
        let guardian = Guardian(scratch)
        defer { scratch.remove() }
        let node = try NodeFile(instances: domains)
        let sink = try HTTPSink(keeps: false)
        let stage = Stage(daemon: nil, cycles: cycles, scratch: scratch, guardian: guardian)
        let programs = ["discard://", sink.url].map { publisher in
            Program.agent(
                agent, uri: node.uri, meters: meters, marker: marker, settings: setting, publisher: publisher)
        }
        let samples = try stage.sampleCount(programs[0]) - domains
        print("\(domains) domains, \(samples) samples published every second, \(cycles) cycles in each run\n")
        print(PublishingTable.head)
        var measured: [Pair] = []
        for number in 1...max(1, pairs) {
            let first = number.isMultiple(of: 2) ? 0 : 1
            let runs = try [programs[first], programs[1 - first]].map { try stage.measure($0) }
            measured.append(Pair(floor: runs[first], agent: runs[1 - first]))
            print(PublishingTable.row("\(number)", measured[number - 1], samples))
        }
        print(PublishingTable.summary(measured, samples))
    }
}
