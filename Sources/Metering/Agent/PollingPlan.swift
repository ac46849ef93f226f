// SPDX-License-Identifier: Apache-2.0
internal import Expressions
package import Pipelines
package import Settings
package import Telemetry

/// What is polled together, how often: `polling.yaml` matched with the pollsters there are.
package struct PollingPlan: Sendable, Hashable {
    /// Where resources come from. Static ones and those discovered are polled alike.
    package struct Selection: Sendable, Hashable {
        package var resources: [String]
        package var discoveries: [String]
        /// Of agents that have the pollsters of its source among them; nil where they divide the resources.
        package var group: String?
    }

    /// One pollster over one selection.
    package struct Run: Sendable, Hashable {
        package var pollster: String
        package var selection: Selection
        package var meters: Set<String>
        /// The first that wants it.
        package var source = ""
    }

    /// All that happens at one interval: one cycle reads each thing once, however many sources want it.
    package struct Group: Sendable, Hashable {
        /// Seconds.
        package var interval: Int
        package var runs: [Run]
        package var meters: Set<String>
        /// Some meter of it comes from two readings.
        package var needsTwoReadings: Bool
    }

    /// By interval, the shortest first.
    package var groups: [Group]
    /// What an operator should know though it is no mistake.
    package var remarks: [String]

    /// Names of the groups of agents that sources form.
    package var coordinationGroups: Set<String> { Set(groups.flatMap(\.runs).compactMap(\.selection.group)) }
}

extension PollingPlan {
    /// - Parameters:
    ///   - offered: the pollsters and meters that namespaces and `--pollster-list` left over.
    ///   - known: every meter of every pollster, chosen or not.
    ///   - hasGaps: whether there may be others, of plug-ins that could not be loaded.
    ///   - hostName: of this agent, for its groups.
    ///   - isSharing: whether agents divide work.
    package init(
        _ definition: PollingDefinition, offered: MeterOffer, known: Set<String>, hasGaps: Bool = false,
        discoveries: [DiscoveryRegistration], hostName: String = "", isSharing: Bool = false
    ) throws(Mistakes) {
        var mistakes = Mistakes()
        var remarks: [String] = []
        var runsByInterval: [Int: [Run]] = [:]
        for source in definition.sources {
            for pattern in source.meters.included where !known.contains(where: pattern.matches) {
                let place = source.meters.places[pattern.pattern] ?? source.place
                if hasGaps || CeilometerMeters.know(pattern) {
                    let name = pattern.pattern.shortened()
                    remarks.append("\(place.file):\(place.line ?? 0): no pollster here offers \(name); it is left out")
                } else {
                    mistakes.add(Mistake(place, "meters", noMeterFor: pattern, among: known))
                }
            }
            // A slip here would poll what the operator wanted left out.
            for pattern in source.meters.excluded
            where !known.contains(where: pattern.matches) && !hasGaps && !CeilometerMeters.know(pattern) {
                let place = source.meters.places["!" + pattern.pattern] ?? source.place
                mistakes.add(Mistake(place, "meters", noMeterFor: pattern, among: known))
            }
            for name in source.discovery.map(DiscoveryName.init)
            where !discoveries.contains(where: { $0.name == name.name }) {
                mistakes.add(
                    Mistake(
                        source.place, "source \(source.name.quoted), discovery", unknown: name.name,
                        among: discoveries.map(\.name)))
            }
            let group = mistakes.collect { () throws(Mistake) in
                try source.group(hostName: hostName, isSharing: isSharing, noting: &remarks)
            }
            for (registration, offeredMeters) in offered.meters {
                let meters = offeredMeters.filter(source.meters.takes)
                guard !meters.isEmpty else { continue }
                let isDefault = source.resources.isEmpty && source.discovery.isEmpty
                let selection = Selection(
                    resources: source.resources,
                    discoveries: isDefault ? registration.defaultDiscovery.map { [$0] } ?? [] : source.discovery,
                    group: group ?? nil)
                let run = Run(
                    pollster: registration.name, selection: selection, meters: Set(meters), source: source.name)
                runsByInterval[source.interval, default: []].merge(run)
            }
        }
        if mistakes.isEmpty, runsByInterval.isEmpty {
            let place = definition.sources.first?.place ?? .init("polling definition")
            let namespaces = offered.namespaces.sorted().joined(separator: ", ")
            mistakes.add(
                Mistake(
                    .init(place.file), "", found: "sources that take no meter of the namespaces \(namespaces)",
                    allowed: "meters that --list-pollsters shows, and that --pollster-list lets through"))
        }
        try mistakes.throwIfAny()
        self.remarks = remarks
        groups = runsByInterval.sorted { $0.key < $1.key }.map { interval, runs in
            let meters = runs.reduce(into: Set<String>()) { $0.formUnion($1.meters) }
            return Group(
                interval: interval, runs: runs, meters: meters,
                needsTwoReadings: offered.needTwoReadings(meters))
        }
    }
}

extension [PollingPlan.Run] {
    /// Runs of one pollster over one selection become one.
    fileprivate mutating func merge(_ run: PollingPlan.Run) {
        if let index = firstIndex(where: { $0.pollster == run.pollster && $0.selection == run.selection }) {
            self[index].meters.formUnion(run.meters)
        } else {
            append(run)
        }
    }
}

extension PollingDefinition.Source {
    /// - Returns: the name of the group of agents that have its pollsters among them; nil for none.
    fileprivate func group(
        hostName: String, isSharing: Bool, noting remarks: inout [String]
    ) throws(Mistake) -> String? {
        guard let group else { return nil }
        let name = try group.name(of: name, hostName: hostName)
        if isSharing, resources.isEmpty { return name }
        let reason = isSharing ? "beside resources, which are divided" : "without [coordination] backend_url"
        remarks.append(
            "\(group.place.file):\(group.place.line ?? 0): group_id_coordination_expression has no effect \(reason)")
        return nil
    }
}
