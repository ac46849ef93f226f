// SPDX-License-Identifier: Apache-2.0
import Foundation
import HypsometerKit

/// The host's block devices. `block-devices://nvme` finds those whose names begin so.
///
/// The option `directory` says where the kernel lists them.
struct BlockDevices: Loadable, Discovery {
    private let directory: String
    private let hostName: String

    init(context: PluginContext) throws {
        directory = context.options["directory"] ?? "/sys/block"
        hostName = context.hostName
        guard FileManager.default.fileExists(atPath: directory) else {
            throw PluginDisabled("there is no \(directory) on this host")
        }
    }

    func discover(_ parameter: String?, in cycle: PollingCycle) async throws -> [Resource] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            .filter { $0.hasPrefix(parameter ?? "") }
            .map { Resource(id: "\(hostName)-\($0)", metadata: ["host": .string(hostName), "device": .string($0)]) }
    }
}

@main struct BlockDevicesPlugin: PluginMain {
    static let entryPoints: [EntryPoint] = [.discovery("block-devices", BlockDevices.self)]
}
