// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Logging
import PluginHost
import Settings
import Telemetry

/// What plug-ins cost: the time of a call there and back, and the host's CPU time for a cycle's samples. A release build
/// is what counts.
@main struct PluginBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin-benchmark", abstract: "Measures calls of the example plug-in; 1 where a limit is passed.")

    @Option(help: "Calls without resources.") var calls = 5000
    @Option(help: "Samples in an answer.") var samples = 3000
    @Option(help: "Answers with samples.") var cycles = 50
    @Option(help: "Milliseconds that a call may take, the median.") var mostPerCall = 0.15
    @Option(help: "Milliseconds of CPU time that an answer with samples may cost the host.") var mostPerCycle = 30.0

    func run() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "plugin-benchmark-\(getpid())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(
            path: "example-plugin")
        try FileManager.default.createSymbolicLink(
            at: directory.appending(path: "example"), withDestinationURL: URL(filePath: program.path))
        try Data("[plugin]\nversion = 1\nprotocol = 1\nexec = example\n[ceilometer.poll.compute]\necho = Echo\n".utf8)
            .write(to: directory.appending(path: "example.entry_points"))
        let quick = try await pollster(directory, "")
        let bulk = try await pollster(directory, "[ceilometer.poll.compute.echo]\nsamples = \(samples)\n")
        let perCall = try await medianCall(quick.pollster)
        let perCycle = try await hostCPU(bulk.pollster)
        print(
            String(format: "a call there and back: %.3f ms (median of %d; at most %.2f)", perCall, calls, mostPerCall))
        print(
            String(
                format: "%d samples: %.1f ms of the host's CPU time (mean of %d; at most %.0f)", samples, perCycle,
                cycles,
                mostPerCycle))
        quick.host.stop()
        bulk.host.stop()
        if perCall > mostPerCall || perCycle > mostPerCycle { throw ExitCode(1) }
    }

    private func pollster(
        _ directory: URL, _ configuration: String
    ) async throws -> (host: PluginSupervisor, pollster: any Pollster) {
        let configuration = Configuration(
            documents: [try INIDocument(path: "benchmark", text: configuration)], environment: [:],
            overrides: ["DEFAULT": ["plugin_dirs": directory.path]])
        let host = PluginSupervisor(service: "benchmark", isReporting: false, log: Logger(label: "plugin-benchmark"))
        let loaded = try host.load(
            PluginSupervisor.Request(
                settings: PluginSettings(configuration), hostName: "host", shared: [:], configuration: configuration,
                namespaces: PluginNamespaces.ofPollingAgent))
        guard let pollster = loaded.pollsters.first else { throw ExitCode(1) }
        return (host, pollster.make())
    }

    private func cycle() -> PollingCycle {
        PollingCycle(number: 1, deadline: .now + .seconds(60), meters: ["echo.volume"])
    }

    /// In milliseconds.
    private func medianCall(_ pollster: any Pollster) async throws -> Double {
        var times: [Double] = []
        for _ in 0..<calls {
            let start = MonotonicTime.now
            _ = try await pollster.poll([], meters: ["echo.volume"], in: cycle())
            times.append(MonotonicTime.now.seconds(since: start) * 1000)
        }
        return times.sorted()[times.count / 2]
    }

    /// In milliseconds for each answer, all of this process's threads together.
    private func hostCPU(_ pollster: any Pollster) async throws -> Double {
        _ = try await pollster.poll([], meters: ["echo.volume"], in: cycle())
        let start = Self.cpuTime
        for _ in 0..<cycles {
            let count = try await pollster.poll([], meters: ["echo.volume"], in: cycle()).count
            guard count == samples else { throw ExitCode(1) }
        }
        return (Self.cpuTime - start) / Double(cycles) * 1000
    }

    /// Of this process, in seconds.
    private static var cpuTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
