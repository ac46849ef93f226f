// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Settings
import Telemetry
import Testing

@testable import Agent

@Suite struct PollingPlanTests {
    private let plugins = Plugins(
        pollsters: [
            .of("cpu", ["cpu"]), .of("rate", ["cpu_util"], needsTwoReadings: true),
            .of("disk", ["disk.read.bytes", "disk.write.bytes"]), .of("host", ["host.load"], discovery: nil),
            .of("volume", ["volume.size"], namespaces: ["central"]),
        ],
        discoveries: [.of("local", TestDiscovery([])), .of("other", TestDiscovery([]))])

    private func source(_ name: String, _ interval: Int, _ meters: String, _ more: String = "") -> String {
        "- {name: \(name), interval: \(interval), meters: \(meters)\(more)}\n"
    }

    private func plan(_ sources: String..., namespaces: [String] = ["compute"]) throws -> PollingPlan {
        try PollingPlan("sources:\n" + sources.joined(), plugins, namespaces: namespaces)
    }

    private func run(
        _ pollster: String, _ meters: Set<String>, _ discoveries: [String] = ["local"], resources: [String] = [],
        of source: String = "a"
    ) -> PollingPlan.Run {
        .init(
            pollster: pollster, selection: .init(resources: resources, discoveries: discoveries), meters: meters,
            source: source)
    }

    @Test func aSourceRunsThePollstersOfItsMeters() throws {
        let plan = try plan(source("a", 60, "[cpu, disk.read.bytes]"))
        #expect(plan.groups.map(\.interval) == [60])
        #expect(plan.groups[0].runs == [run("cpu", ["cpu"]), run("disk", ["disk.read.bytes"])])
        #expect(plan.groups[0].meters == ["cpu", "disk.read.bytes"])
    }

    @Test func sourcesOfEqualIntervalAreOneGroupAndOneRun() throws {
        let plan = try plan(source("a", 60, "[disk.read.bytes]"), source("b", 60, "['disk.*']"))
        #expect(plan.groups.map(\.runs) == [[run("disk", ["disk.read.bytes", "disk.write.bytes"])]])
    }

    @Test func otherResourcesMakeAnotherRun() throws {
        let plan = try plan(
            source("a", 60, "[cpu]"), source("b", 60, "[cpu]", ", discovery: ['other:x']"),
            source("c", 60, "[cpu]", ", resources: [vm-1]"))
        #expect(
            plan.groups.map(\.runs) == [
                [
                    run("cpu", ["cpu"]), run("cpu", ["cpu"], ["other:x"], of: "b"),
                    run("cpu", ["cpu"], [], resources: ["vm-1"], of: "c"),
                ]
            ])
    }

    @Test func otherIntervalsMakeOtherGroupsTheShortestFirst() throws {
        let plan = try plan(source("a", 300, "[cpu]"), source("b", 10, "[cpu]"), source("c", 60, "['disk.*']"))
        #expect(plan.groups.map(\.interval) == [10, 60, 300])
        #expect(plan.meters == ["cpu", "disk.read.bytes", "disk.write.bytes"])
    }

    @Test func aPollsterWithoutDiscoveryRunsOnNone() throws {
        #expect(try plan(source("a", 60, "[host.load]")).groups[0].runs == [run("host", ["host.load"], [])])
    }

    @Test func aGroupKnowsWhetherItNeedsTwoReadings() throws {
        let plan = try plan(source("a", 10, "[cpu]"), source("b", 60, "[cpu_util]"))
        #expect(plan.groups.map(\.needsTwoReadings) == [false, true])
    }

    @Test func aMeterOfAnotherNamespaceIsLeftOutWithoutAWord() throws {
        let plan = try plan(source("a", 60, "[cpu, volume.size]"))
        #expect(plan.meters == ["cpu"])
        #expect(plan.remarks == [])
    }

    @Test(arguments: [
        "memory.usage", "hardware.cpu.load.1min", "network.services.lb.*", "dynamic.x", "storage.objects*",
    ])
    func aMeterOfCeilometersIsRemarkedAndLeftOut(pattern: String) throws {
        let plan = try plan(source("a", 60, "[cpu, '\(pattern)']"))
        #expect(plan.remarks == ["polling.yaml:2: no pollster here offers \(pattern); it is left out"])
        #expect(plan.meters == ["cpu"])
    }
}
