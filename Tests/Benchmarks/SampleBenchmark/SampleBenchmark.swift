// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ComputePollsters
import Dispatch
import Logging
import Pipelines
import Publishers
import Settings
import Telemetry
import TestSupport

/// Reads libvirt's test driver, makes samples of all compute meters of what was read, as often as told, and sends them
/// nowhere: for counting instructions, which no other program on the machine changes. `Tests/Benchmarks/instructions`
/// does that.
@main
struct SampleBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sample-benchmark")

    @Option(help: "Domains of the test driver.") var domains = 100
    @Option(help: "How often samples are made of one reading.") var repeats = 1

    func run() throws {
        // valgrind dies of the thread that an asynchronous main leaves waiting for signals.
        let done = DispatchSemaphore(value: 0)
        let (domains, repeats) = (domains, repeats)
        Task {
            do { print("\(try await Self.poll(domains, repeats)) samples") } catch { print("\(error)") }
            done.signal()
        }
        done.wait()
    }

    private static func poll(_ domains: Int, _ repeats: Int) async throws -> Int {
        let log = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        let node = try NodeFile(instances: domains)
        let settings = try ComputeSettings(
            Configuration(documents: [], environment: [:], overrides: ["DEFAULT": ["libvirt_uri": node.uri]]))
        let plugins = ComputePlugins(settings, isPatient: false, log: log)
        let text = """
            sources: [{name: all, meters: ["*"], sinks: [nowhere]}]
            sinks: [{name: nowhere, publishers: ["discard://"]}]
            """
        let definition = try PipelineDefinition(file: "pipeline.yaml", text: text)
        let pipeline = try Pipeline(
            definition, publishers: BuiltInPublishers.all(.init(host: "here", log: log)), log: log)
        let pollsters = plugins.pollsters.map { ($0.make(), Set($0.meters.map(\.name))) }
        let meters = pollsters.reduce(into: Set<String>()) { $0.formUnion($1.1) }
        var samples = 0
        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(600), meters: meters)
        let resources = try await plugins.discoveries[0].discovery.discover(nil, in: cycle)
        for _ in 1...max(1, repeats) {
            for (pollster, meters) in pollsters {
                let batch = try await pollster.poll(resources, meters: meters, in: cycle)
                samples += batch.count
                await pipeline.publish(batch)
            }
        }
        return samples
    }
}
