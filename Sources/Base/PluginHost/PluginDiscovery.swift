// SPDX-License-Identifier: Apache-2.0
internal import HypsometerKit
internal import JSONText
package import Telemetry

/// A discovery behind the protocol.
package struct PluginDiscovery: Discovery {
    private let slot: PluginSlot
    private let name: String
    /// It takes no part on this host: it finds nothing.
    private let isDisabled: Bool

    init(_ slot: PluginSlot, name: String, isDisabled: Bool) {
        self.slot = slot
        self.name = name
        self.isDisabled = isDisabled
    }

    package func discover(_ parameter: String?, in cycle: PollingCycle) async throws -> [Resource] {
        if isDisabled { return [] }
        let parameters = WireValue.object([
            "namespace": .string(EntryPoint.discovery), "name": .string(name), "parameter": .text(parameter) ?? .null,
            "cycle": CycleMessage.value(cycle),
        ])
        let left = try slot.timeLeft(of: cycle)
        do {
            let answer = try await slot.call(.discover, parameters.json, within: left)
            guard case .array(let items)? = answer["resources"], items.count <= PluginProtocol.mostItems else {
                throw WireError(
                    "resources", found: answer["resources"] == nil ? "nothing" : "no list, or too many",
                    allowed: "a list of at most \(PluginProtocol.mostItems)")
            }
            return try answer.list("resources") { item throws(WireError) in try Resource(message: item) }
        } catch {
            throw slot.named(error)
        }
    }
}
