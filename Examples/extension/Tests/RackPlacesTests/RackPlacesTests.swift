// SPDX-License-Identifier: Apache-2.0
import HypsometerKit
import Testing

@testable import rack_places

/// A fleet in which rack r1 holds two nodes.
private struct SmallFleet: FleetHost {
    func call(_ method: String, _ parameters: JSONObject) async throws -> JSONValue {
        method == "database.read" ? ["rows": [["nodes": 2]]] : ["changes": [1]]
    }
}

@Suite struct RackPlacesTests {
    private func places(capacity: String) throws -> RackPlaces {
        var context = PluginContext(options: ["capacity": capacity])
        context.host = SmallFleet()
        return try RackPlaces(context: context)
    }

    private let move = FleetEvent(
        kind: .nodeUpdate, nodeBefore: FleetNode(id: 1, mac: "52:54:00:00:00:01", name: "c1"),
        nodeAfter: FleetNode(id: 1, mac: "52:54:00:00:00:01", name: "c1", labels: ["rack": "r1"]))

    @Test func aFullRackTakesNoFurtherNode() async throws {
        await #expect(throws: FleetRefusal("rack r1 is full: it holds 2 nodes")) {
            try await places(capacity: "2").check(move)
        }
        try await places(capacity: "3").check(move)
    }

    @Test func aCapacityThatIsNoNumberIsRefused() {
        #expect(throws: FleetRefusal.self) { try places(capacity: "many") }
    }
}
