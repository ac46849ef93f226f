// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Telemetry
import TestSupport

/// What the collector costs: rows per CPU second over HTTP beside a bare table's, bytes on disk for each sample, and
/// how long a day's measures of a hundred instances take.
@main
struct CollectorBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "collector-benchmark")

    @Option(help: "The binary that has the collector.") var binary = ".build/release/hypsometer"
    @Option(help: "Where the databases are made.") var directory = "/tmp"
    @Option(help: "Instances, with 20 meters each.") var instances = 100
    @Option(help: "Samples sent, in millions.") var millions = 20.0
    @Option(help: "Seconds between two cycles of the fleet.") var interval = 10
    @Option(help: "How often the query is timed.") var queries = 21
    @Option(help: "Rows in the bare table, in millions.") var bareMillions = 2.0
    @Flag(help: "Leave the databases where they were made.") var keep = false

    func run() throws {
        let folder = "\(directory)/collector-benchmark-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { if !keep { try? FileManager.default.removeItem(atPath: folder) } }

        let rows = Int(bareMillions * 1e6)
        let bare = (0..<3).map { try? BareTable.fill("\(folder)/bare-\($0).db", rows: rows) }.compactMap { $0 }
        let bareRate = Double(rows) / (bare.min() ?? .nan)
        print("bare table: \(rate(bareRate)) rows per CPU second, the best of \(bare.count) runs of \(rows) rows")

        let collector = try CollectorProcess(binary, folder: folder)
        defer { collector.stop() }
        var fleet = Fleet(instances: instances)
        let cycles = Int(millions * 1e6) / fleet.samplesInACycle
        let samples = cycles * fleet.samplesInACycle
        let end = Timestamp.now.microseconds
        let start = end - Int64(cycles * interval) * 1_000_000

        let client = try HTTPClient(port: collector.port)
        let begin = try cpuTime(of: collector.pid)
        let clock = ContinuousClock.now
        for cycle in 0..<cycles {
            let passed = Int64(cycle * interval)
            let bodies = fleet.cycle(
                at: Timestamp(microseconds: start + passed * 1_000_000),
                monotonic: MonotonicTime(nanoseconds: UInt64(passed + 1000) * 1_000_000_000))
            var stored = 0
            for body in bodies {
                let reply = try client.send(
                    "POST", "/v1/samples", headers: ["Content-Type": "application/json"], body: body)
                guard reply.status == 200 else {
                    throw ShellError(command: "POST /v1/samples", reason: "\(reply.status): \(reply.text)")
                }
                stored += reply["stored"] as? Int ?? 0
            }
            guard stored == fleet.samplesInACycle else {
                throw ShellError(command: "POST /v1/samples", reason: "\(stored) of \(fleet.samplesInACycle) stored")
            }
        }
        let cpu = Double(try cpuTime(of: collector.pid) - begin) / 1e9
        let elapsed = (ContinuousClock.now - clock).seconds
        let collected = Double(samples) / cpu
        print(
            "collector: \(rate(collected)) rows per CPU second, \((cpu / Double(samples) * 1e6).fixed(2)) us CPU each; "
                + "\(samples) samples of \(instances) instances, \(elapsed.fixed(0)) s, one client, JSON, no gzip")
        print("collector / bare table: \((collected / bareRate).fixed(2))")
        print("collector's memory: \(try kibibytes("Rss", of: collector.pid) / 1024) MiB")

        try time(client, end: end, cycles: min(cycles, 86400 / interval))
        collector.stop()
        let bytes = try bytesOnDisk(folder)
        print("on disk, all files, after its end: \((Double(bytes) / Double(samples)).fixed(1)) bytes per sample")
    }

    private func bytesOnDisk(_ folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("samples.db") }.reduce(0) {
            let size = try FileManager.default.attributesOfItem(atPath: "\(folder)/\($1)")[.size] as? Int
            return $0 + (size ?? 0)
        }
    }

    private func time(_ client: HTTPClient, end: Int64, cycles: Int) throws {
        let (first, last) = (Timestamp(microseconds: end - 86_400_000_000), Timestamp(microseconds: end))
        for (aggregate, meter) in [("mean", "gauge.0"), ("rate", "counter.0")] {
            let path =
                "/v1/measures?meter=\(meter)&aggregate=\(aggregate)&granularity=300&start=\(first)&end=\(last)&limit=1000"
            let shown = min(instances, 1000)
            var times: [Double] = []
            for _ in 0..<queries {
                let begin = ContinuousClock.now
                let reply = try client.send("GET", path)
                times.append((ContinuousClock.now - begin).seconds * 1000)
                guard reply.status == 200, (reply["series"] as? [Any])?.count == shown else {
                    throw ShellError(command: "GET \(path)", reason: "\(reply.status): \(reply.text.prefix(300))")
                }
            }
            times.sort()
            print(
                "24 hours of \(meter), \(aggregate), \(shown) instances, \(cycles * shown) samples read: median "
                    + "\(times[times.count / 2].fixed(0)) ms, \(times[0].fixed(0)) to \(times[times.count - 1].fixed(0))"
            )
        }
    }

    private func rate(_ value: Double) -> String { "\((value / 1000).fixed(0)) k" }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension Double {
    fileprivate func fixed(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
