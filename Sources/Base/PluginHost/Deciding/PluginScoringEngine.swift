// SPDX-License-Identifier: Apache-2.0
internal import HypsometerKit
internal import JSONText
internal import Optimization

/// A scoring engine behind the protocol.
package struct PluginScoringEngine: ScoringEngine {
    package let name: String
    package let summary: String
    package let metainfo: String
    private let slot: PluginSlot

    init(_ slot: PluginSlot, name: String, summary: String, metainfo: String) {
        self.slot = slot
        self.name = name
        self.summary = summary
        self.metainfo = metainfo
    }

    package func score(features: String) async throws -> String {
        let call = WireValue.object([
            "namespace": .string(EntryPoint.scoringEngines), "name": .string(name), "features": .string(features),
        ])
        do {
            return try await slot.call(.score, call.json).text("score")
        } catch {
            throw slot.named(error)
        }
    }
}
