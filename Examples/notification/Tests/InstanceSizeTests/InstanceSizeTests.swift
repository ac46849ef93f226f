// SPDX-License-Identifier: Apache-2.0
import HypsometerKit
import Testing

@testable import instance_size

@Suite struct InstanceSizeTests {
    private let plugin = InstanceSize(context: PluginContext())

    private func notification(_ payload: Metadata) -> NotificationMessage {
        NotificationMessage(
            eventType: "compute.instance.create.end", publisherID: "compute.compute-1",
            timestamp: Timestamp(microseconds: 0), payload: payload)
    }

    @Test func whatIsToldOfAnInstanceBecomesSamples() async throws {
        let samples = try await plugin.process(
            notification(["instance_id": "vm-1", "tenant_id": "p-1", "vcpus": 2, "memory_mb": 512]))
        #expect(samples.map(\.name) == ["instance", "vcpus", "memory"])
        #expect(samples.map(\.volume) == [1, 2, 512])
        #expect(samples.allSatisfy { $0.resourceID == "vm-1" && $0.projectID == "p-1" })
    }

    @Test func whatIsNotToldIsLeftOut() async throws {
        #expect(try await plugin.process(notification(["instance_id": "vm-1"])).map(\.name) == ["instance"])
        #expect(try await plugin.process(notification(["display_name": "a"])).isEmpty)
    }
}
