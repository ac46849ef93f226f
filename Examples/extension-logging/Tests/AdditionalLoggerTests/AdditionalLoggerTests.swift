// SPDX-License-Identifier: Apache-2.0
import HypsometerKit
import Testing

@testable import additional_logger

@Suite struct AdditionalLoggerTests {
    private let cluster = FleetCluster(id: 1, name: "one")
    private let data: JSONObject = ["common": ["namespaces": ["compute"]], "nodes": ["7": ["uid": "7"]]]

    @Test func theStartIsNotedBesideTheData() async throws {
        let pipeline = TimeStartedPipeline()
        let deployment = try await pipeline.processDeployment(data, cluster: cluster, nodes: [])
        #expect(deployment["time_started"]?.string?.hasPrefix("deployment started at 2") == true)
        #expect(deployment["common"] == data["common"] && deployment["nodes"] == data["nodes"])
        let provisioning = try await pipeline.processProvisioning(data, cluster: cluster, nodes: [])
        #expect(provisioning["time_started"]?.string?.hasPrefix("provisioning started at 2") == true)
    }
}
