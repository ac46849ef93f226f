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
            mistakes.add(
                Mistake(
                    place, "polling namespaces", found: "none",
                    allowed: "one or more of \(known.sorted().joined(separator: ", "))"))
        }
        let chosen = pollsters.filter { !$0.namespaces.isDisjoint(with: namespaces) }
        if mistakes.isEmpty, chosen.isEmpty {
            mistakes.add(
                Mistake(
                    place, "polling namespaces", found: "no pollster in \(namespaces.joined(separator: ", "))",
                    allowed: "a namespace that has pollsters (see --list-pollsters)"))
        }
        try mistakes.throwIfAny()

        let names = Set(chosen.flatMap { $0.meters.map(\.name) })
        let globs = patterns.map { Glob($0) }
        for glob in globs where !names.contains(where: glob.matches) {
            mistakes.add(Mistake(.init("command line"), "--pollster-list", noMeterFor: glob, among: names))
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

    func needTwoReadings(_ names: Set<String>) -> Bool {
        meters.contains { $0.pollster.meters.contains { $0.needsTwoReadings && names.contains($0.name) } }
    }
}

extension Mistake {
    /// A meter that isn't there, or a wildcard that no meter matches.
    init(_ place: Place, _ key: String, noMeterFor glob: Glob, among names: Set<String>) {
        self.init(place, key, unknown: glob.pattern, among: names, seenWith: "--list-pollsters")
        if glob.hasWildcard { found = "\(glob.pattern.quoted), which no meter matches" }
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
