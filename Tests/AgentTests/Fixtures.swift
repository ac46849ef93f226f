// SPDX-License-Identifier: Apache-2.0
import Logging
import Pipelines
import Settings
import Synchronization
import Telemetry

@testable import Agent

/// A pollster of the test's own: what it does with the resources it gets.
struct TestPollster: Pollster {
    var poll: @Sendable ([Resource], Set<String>, PollingCycle) async throws -> [Sample]

    func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) async throws -> [Sample] {
        try await poll(resources, meters, cycle)
    }
}

/// A discovery that counts how often it is asked, by parameter.
final class TestDiscovery: Discovery {
    struct Failure: Error {}

    private let ids: [String]
    private let failures: Mutex<Int>
    private let counts = Mutex<[String: Int]>([:])

    /// - Parameter failures: how many times it fails before it answers.
    init(_ ids: [String], failures: Int = 0) {
        self.ids = ids
        self.failures = Mutex(failures)
    }

    var asked: [String: Int] { counts.withLock { $0 } }

    func discover(_ parameter: String?, in cycle: PollingCycle) async throws -> [Resource] {
        counts.withLock { $0[parameter ?? "", default: 0] += 1 }
        let fails = failures.withLock { failures in
            defer { failures = max(0, failures - 1) }
            return failures > 0
        }
        if fails { throw Failure() }
        return ids.map { Resource(id: $0) }
    }
}

extension PollsterRegistration {
    /// Offers gauges; by default it gives one sample of each wanted meter for each resource.
    static func of(
        _ name: String, _ meters: [String], namespaces: Set<String> = ["compute"], discovery: String? = "local",
        needsTwoReadings: Bool = false,
        poll: @escaping @Sendable ([Resource], Set<String>, PollingCycle) async throws -> [Sample] = Self.eachOnce
    ) -> PollsterRegistration {
        PollsterRegistration(
            name: name, namespaces: namespaces,
            meters: meters.map { Meter($0, .gauge, unit: "", needsTwoReadings: needsTwoReadings) },
            defaultDiscovery: discovery
        ) { TestPollster(poll: poll) }
    }

    static let eachOnce: @Sendable ([Resource], Set<String>, PollingCycle) async throws -> [Sample] = {
        resources, meters, cycle in
        resources.flatMap { resource in
            meters.sorted().map { Sample(Meter($0, .gauge, unit: ""), 1, of: resource, in: cycle) }
        }
    }
}

extension DiscoveryRegistration {
    static func of(_ name: String, _ discovery: any Discovery, namespaces: Set<String> = ["compute"]) -> Self {
        DiscoveryRegistration(name: name, namespaces: namespaces, discovery: discovery)
    }
}

extension PollingPlan {
    /// What `polling.yaml` and these plug-ins make.
    init(_ yaml: String, _ plugins: Plugins, namespaces: [String] = ["compute"], patterns: [String] = [])
        throws(Mistakes)
    {
        try self.init(
            PollingDefinition(file: "polling.yaml", text: yaml),
            offered: MeterOffer(
                plugins.pollsters, namespaces: namespaces, patterns: patterns, place: .init("command line")),
            known: Set(plugins.pollsters.flatMap { $0.meters.map(\.name) }), discoveries: plugins.discoveries)
    }
}

extension AgentSetup {
    static func of(_ yaml: String, _ plugins: Plugins, generation: Int = 1) throws -> AgentSetup {
        AgentSetup(
            plan: try PollingPlan(yaml, plugins), pipeline: .standardOutput, plugins: plugins, generation: generation,
            sampleSource: "openstack", jitter: 0, shutdownTimeout: .seconds(1), logLevel: .info,
            reportInterval: .zero, remarks: [])
    }
}

extension PollingPlan {
    /// Of all intervals together.
    var meters: Set<String> { groups.reduce(into: []) { $0.formUnion($1.meters) } }
}
