// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import DecisionEngine
import Foundation
import ModelCollectors
import Optimization

/// What strategies and models cost, in CPU seconds, beside what Watcher was measured to need.
@main struct DecisionBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decision-benchmark",
        abstract: "CPU seconds of each strategy and model operation on clusters made up from a seed.")

    @Option(help: "Sizes as NODES/INSTANCES, with commas between them.")
    var sizes = "20/200,100/1000,1000/10000,113/15769"

    @Option(help: "Times each is done; the median counts.")
    var repeats = 3

    @Option(help: "What the clusters are made up from.")
    var seed: UInt64 = 999

    @Option(help: "Only what has this in its name.")
    var only = ""

    @Option(
        help: "Figures of Watcher to stand beside ours: a JSON file with rows of name, nodes, instances, median_cpu_s.")
    var timings: String?

    func run() async throws {
        let reference = try ReferenceTimings(path: timings)
        print("                                                    CPU seconds     Watcher       times less  result")
        for size in sizes.split(separator: ",") {
            let numbers = size.split(separator: "/").compactMap { Int($0) }
            guard numbers.count == 2 else { throw ValidationError("a size is NODES/INSTANCES, not \(size)") }
            let cluster = try GeneratedCluster(nodes: numbers[0], instances: numbers[1], seed: seed)
            for operation in try ModelOperations.all(cluster) + StrategyRuns.all(cluster)
            where only.isEmpty || operation.name.contains(only) {
                let (seconds, result) = try await measure(operation)
                let other = reference.seconds(operation.reference, numbers[0], numbers[1])
                let line = [
                    operation.name.padded(to: 38), "\(size)".padded(to: 12), seconds.formatted.padded(to: 14),
                    (other?.formatted ?? "-").padded(to: 14),
                    (other.map { String(Int($0 / seconds)) } ?? "-").padded(to: 12), result,
                ]
                print(line.joined(separator: " "))
            }
        }
    }

    private func measure(_ operation: Operation) async throws -> (Double, String) {
        var seconds: [Double] = []
        var result = ""
        for _ in 0..<max(1, repeats) {
            let start = processSeconds()
            result = try await operation.run()
            seconds.append(processSeconds() - start)
        }
        return (seconds.sorted()[seconds.count / 2], result)
    }

    private func processSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Something that is measured.
struct Operation {
    var name: String
    /// What Watcher's figures call it.
    var reference: String
    /// Does it once and tells what came of it, so that nothing can be left out.
    var run: () async throws -> String
}

extension Double {
    fileprivate var formatted: String { String(format: "%.5f", self) }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        padding(toLength: max(width, count), withPad: " ", startingAt: 0)
    }
}

/// Figures of Watcher, recorded beside the project.
struct ReferenceTimings {
    private var rows: [String: Double] = [:]

    init(path: String?) throws {
        guard let path else { return }
        let json = try JSONValue(parsing: String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self))
        for row in json["rows"]?.array ?? [] {
            guard let name = row["name"]?.string, let nodes = row["nodes"]?.integer,
                let instances = row["instances"]?.integer, let seconds = row["median_cpu_s"]?.number
            else { continue }
            rows["\(name) \(nodes)/\(instances)"] = seconds
        }
    }

    func seconds(_ name: String, _ nodes: Int, _ instances: Int) -> Double? { rows["\(name) \(nodes)/\(instances)"] }
}
