// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import TestSupport

/// What a central agent costs before a cloud of this process: how far from the shortest time there could be it asks
/// for each project's account, and how much memory a long list of volumes takes.
@main
struct CentralBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "central-benchmark")

    @Option(help: "The agent's binary.") var binary = ".build/release/hypsometer-polling"
    @Option(help: "The directory with the definitions that come with it.") var definitions = "conf/pollsters.d"
    @Option(help: "Projects, each of which has an account in the object store.") var projects = 1000
    @Option(help: "Milliseconds that the store takes for an answer.") var latency = 5.0
    @Option(help: "Requests under way at a time.") var concurrency = 16
    @Option(help: "Volumes.") var volumes = 50_000
    @Option(help: "Volumes on a page at most, as Cinder has it in osapi_max_limit.") var page = 1000
    @Option(help: "Cycles of each part.") var cycles = 5
    @Option(help: "Seconds between two cycles of volumes.") var interval = 30
    @Option(help: "Elapsed over the shortest time there could be, at most.") var ratioLimit = 1.3
    @Option(help: "Resident memory at most, in MB of 10^6 bytes.") var memoryLimit = 60.0

    func run() throws {
        let accounts = try AccountsRun(self).measure()
        print("\(projects) accounts, \(latency) ms each, \(concurrency) at a time")
        print(row("cycle", "elapsed ms", "least ms", "ratio", "limit"))
        let least = Double(projects) * latency / Double(concurrency)
        for (number, elapsed) in accounts.enumerated() {
            print(row("\(number + 1)", fixed(elapsed, 1), fixed(least, 1), fixed(elapsed / least, 3), "\(ratioLimit)"))
        }
        let ratio = accounts.sorted()[accounts.count / 2] / least

        let memory = try VolumesRun(self).measure()
        print("\n\(volumes) volumes in pages of at most \(page); MB are 10^6 bytes")
        print(row("cycle", "seconds", "VmRSS MB", "VmHWM MB", "HWM/limit", "limit"))
        for (number, figures) in memory.enumerated() {
            print(
                row(
                    "\(number + 1)", fixed(figures.seconds, 2), fixed(figures.resident, 1), fixed(figures.most, 1),
                    fixed(figures.most / memoryLimit, 3), "\(memoryLimit)"))
        }
        if let last = memory.last { print("of the last VmRSS: \(last.parts)") }
        let most = memory.map(\.most).max() ?? .infinity
        let isGood = ratio <= ratioLimit && most <= memoryLimit
        print(
            "\nmedian ratio \(fixed(ratio, 3)) (limit \(ratioLimit)), most resident \(fixed(most, 1)) MB "
                + "(limit \(memoryLimit)): \(isGood ? "within" : "NOT within") the limits")
        if !isGood { throw ExitCode(1) }
    }

    private func row(_ cells: String...) -> String {
        cells.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }.joined()
    }

    private func fixed(_ number: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", number) }
}
