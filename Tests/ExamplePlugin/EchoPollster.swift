// SPDX-License-Identifier: Apache-2.0
import HypsometerKit
import Synchronization

/// Gives each resource back: its own number of polls, and the option `volume`. With the option `samples` it gives so
/// many of one resource.
final class EchoPollster: Loadable, Pollster {
    struct BadOption: Error, CustomStringConvertible { var description: String }

    static let polls = Meter("echo.polls", .cumulative, unit: "poll")
    static let volume = Meter("echo.volume", .gauge, unit: "")
    static let meters = [polls, volume]

    private let option: Double
    private let sampleCount: Int?
    private let count = Mutex(0)

    init(context: PluginContext) throws {
        let text = context.options["volume"] ?? "1"
        guard let option = Double(text) else {
            throw BadOption(description: "volume: found \(text); allowed: a number")
        }
        self.option = option
        sampleCount = context.options["samples"].flatMap { Int($0) }
        context.log("ready on \(context.hostName)")
    }

    func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) throws -> [Sample] {
        let polls = count.withLock { count in
            count += 1
            return count
        }
        if let sampleCount {
            return (0..<sampleCount).map {
                Sample(Self.volume, .integer(Int64($0)), of: Resource(id: "echo-\($0)"), in: cycle)
            }
        }
        let samples = resources.filter { $0.id != "vm-gone" }.flatMap { resource in
            [
                Sample(Self.polls, Volume(polls), of: resource, in: cycle),
                Sample(Self.volume, Volume(option), of: resource, in: cycle, readAt: .now),
            ]
        }.filter { meters.contains($0.name) }
        if resources.contains(where: { $0.id == "vm-gone" }) {
            throw PollsterPermanentError("no such domain", resourceIDs: ["vm-gone"], samples: samples)
        }
        return samples
    }
}
