// SPDX-License-Identifier: Apache-2.0
import HypsometerKit
import Testing

@testable import rack_polling

@Suite struct RackPollingTests {
    private let cluster = FleetCluster(id: 1, name: "one", attributes: ["busy_racks": ["r1"]])
    private let nodes = [
        FleetNode(id: 1, mac: "52:54:00:00:00:01", name: "c1", labels: ["rack": "r1"]),
        FleetNode(id: 2, mac: "52:54:00:00:00:02", name: "c2", labels: ["rack": "r2"]),
    ]
    private let data: JSONObject = ["common": [:], "nodes": ["1": ["uid": "1"], "2": ["uid": "2"]]]

    @Test func busyRacksPollTwiceAsOftenWhatTheFirstPipelineSays() async throws {
        let usual = try await UsualMeters().processDeployment(data, cluster: cluster, nodes: nodes)
        let changed = try await BusyRacks().processDeployment(usual, cluster: cluster, nodes: nodes)
        #expect(changed["common"]?["polling"]?["sources"]?["usual"]?["interval"] == 60)
        #expect(changed["nodes"]?["1"]?["polling"]?["sources"]?["usual"]?["interval"] == 30)
        #expect(changed["nodes"]?["2"] == ["uid": "2"])
    }

    @Test func aRackThatNobodyStandsInIsRefused() async throws {
        let wrong = FleetCluster(id: 1, name: "one", attributes: ["busy_racks": ["r9"]])
        await #expect(throws: FleetRefusal.self) {
            try await RackPolling(context: PluginContext()).onBeforeDeploymentCheck(wrong, nodes: nodes)
        }
    }
}
