// SPDX-License-Identifier: Apache-2.0
import Foundation
import HypsometerKit
import Testing

@testable import block_devices

@Suite struct BlockDevicesTests {
    private let cycle = PollingCycle(number: 1, deadline: .now + .seconds(10), meters: [])

    @Test func aParameterChoosesAmongThem() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "block-\(UUID())")
        for name in ["sda", "nvme1n1", "nvme0n1"] {
            try FileManager.default.createDirectory(
                at: directory.appending(path: name), withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(at: directory) }
        let discovery = try BlockDevices(
            context: PluginContext(hostName: "compute-1", options: ["directory": directory.path]))
        #expect(
            try await discovery.discover("nvme", in: cycle).map(\.id) == ["compute-1-nvme0n1", "compute-1-nvme1n1"])
        #expect(try await discovery.discover(nil, in: cycle).last?.metadata["device"] == "sda")
    }

    @Test func withoutTheDirectoryItTakesNoPart() {
        #expect(throws: PluginDisabled.self) {
            try BlockDevices(context: PluginContext(options: ["directory": "/nosuch"]))
        }
    }
}
