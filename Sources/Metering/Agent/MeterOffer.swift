// SPDX-License-Identifier: Apache-2.0
internal import Expressions
package import Settings
package import Telemetry

/// The pollsters of some namespaces, and of their meters those that `--pollster-list` lets through.
package struct MeterOffer: Sendable {
    package let namespaces: Set<String>
    package let meters: [(pollster: PollsterRegistration, meters: [String])]

    /// - Parameters:
    ///   - patterns: shell wildcards over meter names; none lets all through.
    ///   - place: where the namespaces were given.
    package init(
        _ pollsters: [PollsterRegistration], namespaces: [String], patterns: [String], place: Mistake.Place
    ) throws(Mistakes) {
        var mistakes = Mistakes()
        let known = Set(AgentSettings.namespaces).union(pollsters.flatMap(\.namespaces))
        for namespace in namespaces where !known.contains(namespace) {
            mistakes.add(Mistake(place, "polling namespaces", unknown: namespace, among: known))
        }
        if namespaces.isEmpty {
            let names = known.sorted().joined(separator: ", ")
            mistakes.add(Mistake(place, "polling namespaces", found: "none", allowed: "one or more of \(names)"))
        }
        try mistakes.throwIfAny()

        let chosen = pollsters.filter { !$0.namespaces.isDisjoint(with: namespaces) }
        let names = Set(chosen.flatMap { $0.meters.map(\.name) })
        let globs = patterns.map { Glob($0) }
        for glob in globs where !names.contains(where: glob.matches) {
            mistakes.add(
                names.isEmpty
                    ? Mistake(.init("command line"), "--pollster-list", found: "\(glob.pattern.quoted), and no pollster in namespaces \(namespaces.joined(separator: ", "))", allowed: "a namespace that has pollsters (see --list-pollsters)")
                    : Mistake(.init("command line"), "--pollster-list", unknown: glob.pattern, among: names))
        }
        try mistakes.throwIfAny()
        self.namespaces = Set(namespaces)
        meters = chosen.compactMap { pollster in
            let meters = pollster.meters.map(\.name).filter { name in
                globs.isEmpty || globs.contains { $0.matches(name) }
            }
            return meters.isEmpty ? nil : (pollster, meters)
        }
    }

    package var isEmpty: Bool { meters.isEmpty }

    var names: Set<String> { Set(meters.flatMap(\.meters)) }

    func needTwoReadings(_ names: Set<String>) -> Bool {
        meters.contains { $0.pollster.meters.contains { $0.needsTwoReadings && names.contains($0.name) } }
    }
}

/// A discovery as `polling.yaml` names it: `name`, `name:parameter` or `name://parameter`.
struct DiscoveryName: Sendable, Hashable {
    var name: String
    var parameter: String?

    init(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else {
            name = text
            return
        }
        name = String(text[..<colon])
        let rest = text[text.index(after: colon)...]
        parameter = String(rest.hasPrefix("//") ? rest.dropFirst(2) : rest)
    }
}
