// SPDX-License-Identifier: Apache-2.0
internal import HypsometerKit
internal import JSONText
package import Telemetry

/// A pollster behind the protocol.
package struct PluginPollster: Pollster {
    private let slot: PluginSlot
    private let namespace: String
    private let name: String
    private let instance: Int
    private let offered: [Meter]

    /// - Parameter instance: from 1; another for each list of resources.
    package init(_ slot: PluginSlot, namespace: String, name: String, instance: Int, offered: [Meter]) {
        self.slot = slot
        self.namespace = namespace
        self.name = name
        self.instance = instance
        self.offered = offered
    }

    package func poll(
        _ resources: [Resource], meters: Set<String>, in cycle: PollingCycle
    ) async throws -> [Sample] {
        let message = PollMessage(
            namespace: namespace, name: name, instance: instance, meters: meters, cycle: cycle, resources: resources)
        let reader = SamplesMessage(meters: offered, resources: resources, cycle: cycle)
        let left = try slot.timeLeft(of: cycle)
        // Those that weren't asked for, as the operator doesn't want them.
        func wanted(_ samples: [Sample]) -> [Sample] { samples.filter { meters.contains($0.name) } }
        do {
            return wanted(try reader.samples(try await slot.call(.poll, message.parameters, within: left)))
        } catch let error as RPCError where error.code == RPCError.Code.permanent.rawValue {
            let samples: [Sample]
            let refused: [String]
            do throws(WireError) {
                samples = error.data?["samples"] == nil ? [] : try reader.samples(error.data ?? .null)
                refused = try (error.data ?? .null).texts("resources")
            } catch {
                throw slot.named(error)
            }
            throw PollsterPermanentError(
                "plug-in \(slot.name): \(error)", resourceIDs: Set(refused), samples: wanted(samples))
        } catch {
            throw slot.named(error)
        }
    }
}
