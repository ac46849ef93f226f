// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The collector's page in a real browser, over real domains whose load is known.
@Suite(
    .enabled(if: HypervisorLab.unavailable == nil, "no hypervisor can be started here"),
    .enabled(if: Browser.unavailable == nil, "Debian's package chromium is not here: the page can't be drawn"))
struct DashboardTests {
    private static let interval = 2
    private static let loads = [25, 75]

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory("spool"), withIntermediateDirectories: false)
    }

    /// Polls for so many of a domain's `cpu_util`, then ends.
    private func runAgent(_ uri: String, port: Int, samples: Int) throws {
        try directory.write(
            """
            [DEFAULT]
            libvirt_uri = \(uri)
            host = compute-1
            [polling]
            jitter = 0
            [publisher]
            spool_directory = \(directory("spool"))
            """, to: "hypsometer.conf")
        try directory.write(
            """
            sources: [{name: all, meters: ["*"], sinks: [there]}]
            sinks: [{name: there, publishers: ["http://127.0.0.1:\(port)"]}]
            """, to: "pipeline.yaml")
        try directory.write(RunningAgent.polling(every: Self.interval, meters: "*"), to: "polling.yaml")
        let before = try points("cpu_util", "mean", of: HypervisorLab.uuid(1), port: port).count
        let agent = try ChildProcess(
            RunningAgent.executable.path,
            ["--config-file", directory("hypsometer.conf"), "--polling-namespaces", "compute"])
        let deadline = ContinuousClock.now + .seconds(120)
        while try points("cpu_util", "mean", of: HypervisorLab.uuid(1), port: port).count < before + samples {
            try #require(ContinuousClock.now < deadline, "the agent delivers nothing")
            usleep(200_000)
        }
        agent.signal(SIGTERM)
        #expect(agent.status(within: .seconds(60)) == 0)
    }

    /// What `/v1/measures` answers, by stretches of a second as a rule; seconds since 1970.
    private func points(
        _ meter: String, _ aggregate: String, of resource: String, port: Int, granularity: Int = 1,
        span: ClosedRange<Int>? = nil
    ) throws -> [DrawnPlot.Point] {
        var path =
            "/v1/measures?meter=\(meter)&aggregate=\(aggregate)&resource_id=\(resource)&granularity=\(granularity)"
        if let span { path += "&start=\(span.lowerBound)&end=\(span.upperBound)" }
        let reply = try HTTPClient(port: port).send("GET", path)
        let series = try #require(reply["series"] as? [[String: Any]], "\(reply.text)")
        return try series.flatMap { try #require($0["measures"] as? [[Any]]) }.map { measure in
            let time = try Date("\(try #require(measure[0] as? String))Z", strategy: .iso8601)
            return DrawnPlot.Point(
                time: Int(time.timeIntervalSince1970), value: try #require(measure[1] as? Double))
        }
    }

    @Test(.timeLimit(.minutes(8))) func whatIsPlottedIsWhatWasMeasured() async throws {
        try await onThread {
            let lab = try HypervisorLab.start()
            for (index, load) in Self.loads.enumerated() { try lab.startDomains(index + 1...index + 1, load: load) }
            let collector = try CollectorProcess(
                RunningAgent.executable.deletingLastPathComponent().appending(path: "hypsometer").path,
                folder: directory.path)
            let port = collector.port
            let start = Int(Date().timeIntervalSince1970) - 5
            try runAgent(lab.uri, port: port, samples: 8)
            let stopped = Int(Date().timeIntervalSince1970)
            // A gap in which five samples are missing, and more until the next agent has read twice.
            Thread.sleep(forTimeInterval: Double(5 * Self.interval))
            let resumed = Int(Date().timeIntervalSince1970)
            try runAgent(lab.uri, port: port, samples: 8)
            let span = start...Int(Date().timeIntervalSince1970) + 5

            var means: [Double] = []
            for index in 1...Self.loads.count {
                let id = HypervisorLab.uuid(index)
                let page = try page("instances/\(id)", span, port: port) { $0.contains("<tbody>") }
                let cpu = try DrawnPlot(page, id: "cpu")
                let measured = try points("cpu_util", "mean", of: id, port: port, granularity: cpu.stretch, span: span)
                #expect(measured.count >= 16)
                #expect(isSame(cpu.rows(0), measured))
                try expectDrawn(cpu, 0, measured)
                let runs = try cpu.runs(0).map { $0.map { Int($0.time.rounded()) } }
                #expect(runs.count >= 2, "the line is interrupted where the agent was away")
                #expect(!runs.contains { ($0.first ?? 0) <= stopped && ($0.last ?? 0) >= resumed })
                #expect(page.contains("No samples: "))
                means.append(measured.map(\.value).reduce(0, +) / Double(measured.count))

                let memory = try DrawnPlot(page, id: "memory")
                let resident = try points(
                    "memory.resident", "mean", of: id, port: port, granularity: memory.stretch, span: span)
                #expect(resident.count >= 16)
                #expect(isSame(memory.rows(1), resident))
                // A counter, summed over the domain's disks.
                let disk = try DrawnPlot(page, id: "disk")
                var sums: [Int: Double] = [:]
                for device in ["vda", "vdb"] {
                    for point in try points(
                        "disk.device.read.bytes", "rate", of: "\(id)-\(device)", port: port,
                        granularity: disk.stretch, span: span)
                    { sums[point.time, default: 0] += point.value }
                }
                #expect(sums.count >= 15)
                let sum = sums.sorted { $0.key < $1.key }.map { DrawnPlot.Point(time: $0.key, value: $0.value) }
                #expect(isSame(disk.rows(0), sum))
            }
            // The host itself, by its own samples.
            let host = try DrawnPlot(
                page("hosts/compute-1", span, port: port) { $0.contains("<tbody>") }, id: "host-cpu")
            let shares = try points(
                "compute.node.cpu.percent", "mean", of: "compute-1_compute-1", port: port, granularity: host.stretch,
                span: span)
            #expect(shares.count >= 14)
            #expect(isSame(host.rows(0), shares))
            try expectDrawn(host, 0, shares)

            // How close the load itself is to what was asked for is for the tests of the agent.
            #expect(means[1] > means[0])

            let late = try Browser.document("http://127.0.0.1:\(port)/#/") { $0.contains("One agent is late") }
            #expect(late.contains("One agent is late"))
            #expect(late.contains("compute-1"))
            collector.stop()
        }
    }

    private func page(
        _ view: String, _ span: ClosedRange<Int>, port: Int, until isWanted: (String) -> Bool
    ) throws -> String {
        func text(_ second: Int) -> String {
            Date(timeIntervalSince1970: Double(second)).formatted(.iso8601).replacing("Z", with: "")
        }
        let fragment = "\(view)?from=\(text(span.lowerBound))&to=\(text(span.upperBound))&tables=1"
        return try Browser.document("http://127.0.0.1:\(port)/#/\(fragment)", until: isWanted)
    }

    /// To a double's last digits, which not everyone who reads JSON gets right.
    private func isSame(_ left: [DrawnPlot.Point], _ right: [DrawnPlot.Point]) -> Bool {
        left.elementsEqual(right) { $0.time == $1.time && abs($0.value - $1.value) <= 1e-12 * abs($1.value) }
    }

    /// The line goes through the points, to a pixel's hundredth or so.
    private func expectDrawn(_ plot: DrawnPlot, _ line: Int, _ points: [DrawnPlot.Point]) throws {
        let drawn = try plot.runs(line).flatMap { $0 }
        #expect(drawn.count == points.count)
        for (drawn, point) in zip(drawn, points) {
            #expect(abs(drawn.value - point.value) < plot.top / 100_000, "\(drawn), \(point)")
            #expect(abs(drawn.time - Double(point.time)) < 0.01)
        }
    }

    @Test(.timeLimit(.minutes(5))) func withoutATokenThePageAsksForOneAndShowsNothing() async throws {
        try await onThread {
            let tokens = try directory.write("0123456789abcdef\n", to: "tokens")
            let collector = try CollectorProcess(
                RunningAgent.executable.deletingLastPathComponent().appending(path: "hypsometer").path,
                folder: directory.path, settings: "token_file = \(tokens)")
            let page = try Browser.document("http://127.0.0.1:\(collector.port)/#/hosts") { $0.contains("A token") }
            #expect(page.contains("A token is needed"))
            #expect(page.contains(#"type="password""#))
            #expect(!page.contains("<table"))
            collector.stop()
        }
    }
}
