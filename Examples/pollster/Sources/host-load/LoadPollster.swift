// SPDX-License-Identifier: Apache-2.0
import Glibc
import HypsometerKit

/// The host's load averages, as the kernel computes them.
struct LoadPollster: Loadable, Pollster {
    static let meters = ["1min", "5min", "15min"].map { Meter("host.load.\($0)", .gauge, unit: "process") }
    private let host: Resource

    init(context: PluginContext) { host = Resource(id: context.hostName) }

    func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) -> [Sample] {
        var loads = [0.0, 0.0, 0.0]
        let count = max(0, Int(getloadavg(&loads, 3)))
        return zip(Self.meters, loads).prefix(count).map { Sample($0, Volume($1), of: host, in: cycle) }
    }
}

@main struct HostLoad: PluginMain {
    static let entryPoints: [EntryPoint] = [.pollster("host-load", meters: LoadPollster.meters, LoadPollster.self)]
}
