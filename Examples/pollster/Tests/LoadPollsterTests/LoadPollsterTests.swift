// SPDX-License-Identifier: Apache-2.0
import HypsometerKit
import Testing

@testable import host_load

@Suite struct LoadPollsterTests {
    @Test func thereIsASampleForEachAverage() {
        let pollster = LoadPollster(context: PluginContext(hostName: "compute-1"))
        let names = Set(LoadPollster.meters.map(\.name))
        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(10), meters: names)
        let samples = pollster.poll([], meters: names, in: cycle)
        #expect(samples.map(\.name) == ["host.load.1min", "host.load.5min", "host.load.15min"])
        #expect(samples.allSatisfy { $0.resourceID == "compute-1" && $0.volume.doubleValue >= 0 })
    }
}
