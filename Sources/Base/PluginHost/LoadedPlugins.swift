// SPDX-License-Identifier: Apache-2.0
internal import HypsometerKit
package import Optimization
internal import Settings
internal import Synchronization
package import Telemetry

/// What the installed plug-ins offer, ready for the list that built-in ones are on.
package struct LoadedPlugins: Sendable {
    package var pollsters: [PollsterRegistration] = []
    package var discoveries: [DiscoveryRegistration] = []
    package var publishers: [PluginPublisherOffer] = []
    package var notifications: [PluginNotifications] = []
    package var goals: [Goal] = []
    package var strategies: [PluginStrategy] = []
    package var planners: [PluginPlanner] = []
    package var scoringEngines: [PluginScoringEngine] = []
    package var collectors: [PluginCollector] = []
    package var extensions: [PluginExtension] = []
    /// Why plug-ins were left out before they were started, a line each.
    package var problems: [String] = []
    /// The sections of the configuration that are theirs.
    package var sections: Set<String> = []
    /// Whether there is a plug-in whose meters aren't known, as it could not be loaded or takes no part.
    package var hasGaps = false
    /// Stays the same as long as the plug-ins are.
    package var generation = 0

    package init() {}

    /// - Parameters:
    ///   - path: the manifest's.
    ///   - answer: what the plug-in said of it; nil where it could not be loaded.
    ///   - pollingNamespaces: what `ceilometer.poll.agent` stands for.
    mutating func add(
        _ entry: PluginManifest.Entry, at path: String, _ answer: StartAnswer.Entry?, of slot: PluginSlot,
        pollingNamespaces: [String]
    ) {
        if let offer = answer?.offer { add(offer, of: slot, name: entry.name, at: .init(path, line: entry.line)) }
        let isAbsent = answer == nil || answer?.disabled != nil
        switch entry.namespace {
        case EntryPoint.discovery:
            discoveries.append(
                DiscoveryRegistration(
                    name: entry.name, namespaces: Set(pollingNamespaces),
                    discovery: PluginDiscovery(slot, name: entry.name, isDisabled: answer?.disabled != nil)))
        case EntryPoint.publisher:
            publishers.append(
                PluginPublisherOffer(slot, scheme: entry.name, options: isAbsent ? nil : answer?.options))
        case EntryPoint.fleetExtension:
            extensions.append(PluginExtension(slot, name: entry.name, answer: answer))
        case EntryPoint.notifications:
            guard let answer, answer.disabled == nil else { return }
            notifications.append(PluginNotifications(slot, name: entry.name, eventTypes: answer.eventTypes))
        case let namespace where namespace.hasPrefix("ceilometer.poll."):
            guard let answer, answer.disabled == nil else {
                hasGaps = true
                return
            }
            let short = String(namespace.dropFirst("ceilometer.poll.".count))
            let isOfAll = short == PollingNamespace.agent.rawValue
            // The agent knows a pollster by its name alone.
            let isTaken = pollsters.contains { $0.name == entry.name }
            let instances = InstanceNumbers()
            pollsters.append(
                PollsterRegistration(
                    name: isTaken ? "\(entry.name)@\(short)" : entry.name,
                    namespaces: isOfAll ? Set(pollingNamespaces) : [short], meters: answer.meters,
                    defaultDiscovery: answer.defaultDiscovery
                ) {
                    PluginPollster(
                        slot, namespace: namespace, name: entry.name, instance: instances.next(), offered: answer.meters
                    )
                })
        default: break
        }
    }

    private mutating func add(
        _ offer: StartAnswer.Entry.Offer, of slot: PluginSlot, name: String, at place: Mistake.Place
    ) {
        switch offer {
        case .goal(let goal): goals.append(goal)
        case .strategy(let declaration, let plansMetrics):
            strategies.append(PluginStrategy(slot, declaration, plansMetrics: plansMetrics, place: place))
        case .planner(let options): planners.append(PluginPlanner(slot, name: name, options: options))
        case .scoringEngine(let summary, let metainfo):
            scoringEngines.append(PluginScoringEngine(slot, name: name, summary: summary, metainfo: metainfo))
        case .collector(let kind, let options, let filters):
            collectors.append(PluginCollector(slot, name: name, kind: kind, options: options, filters: filters))
        }
    }
}

private final class InstanceNumbers: Sendable {
    private let last = Mutex(0)

    func next() -> Int {
        last.withLock { last in
            last += 1
            return last
        }
    }
}
