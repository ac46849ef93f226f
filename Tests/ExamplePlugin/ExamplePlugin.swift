// SPDX-License-Identifier: Apache-2.0
import HypsometerKit

/// A plug-in with an entry point of each kind, for tests and benchmarks.
@main struct ExamplePlugin: PluginMain {
    static let entryPoints: [EntryPoint] = [
        .pollster("echo", meters: EchoPollster.meters, EchoPollster.self),
        .pollster("libvirt", meters: EchoPollster.meters, LibvirtPollster.self),
        .discovery("pair", PairDiscovery.self),
        .publisher("lines", options: ["prefix"], LinePublisher.self),
        .notifications("instances", InstanceNotifications.self),
        .goal(DrainStrategy.goal),
        .strategy(DrainStrategy(), models: [TallyModel.self]),
        .planner(
            "last_first",
            options: [Parameter("chained", .boolean, default: false, help: "Whether each waits for the one before.")],
            LastFirstPlanner.self),
        .scoringEngine("length", LengthScorer.self),
        .collector("tally", options: TallyCollector.options, models: [TallyModel.self], TallyCollector.self),
        .fleetExtension(RecorderExtension.self),
    ]
}
