// SPDX-License-Identifier: Apache-2.0
import HypsometerKit

/// Finds two, named after its parameter.
struct PairDiscovery: Loadable, Discovery {
    init(context: PluginContext) {}

    func discover(_ parameter: String?, in cycle: PollingCycle) -> [Resource] {
        let name = parameter ?? "pair"
        return [
            Resource(id: "\(name)-1", projectID: "p-1", metadata: ["rank": 1]),
            Resource(id: "\(name)-2", userID: "u-2", metadata: ["rank": 2]),
        ]
    }
}
