// SPDX-License-Identifier: Apache-2.0
internal import Yams

extension YAMLValue {
    /// Whether it is a list, a mapping or a text.
    package enum Kind: Sendable { case list, mapping, scalar }

    package var kind: Kind {
        switch node {
        case .sequence: .list
        case .mapping: .mapping
        default: .scalar
        }
    }

    /// A mapping's values by names that nobody knows beforehand, in their order. What a `<<` brings in stands where the
    /// mapping says nothing of that name itself.
    package func mergedEntries(of what: String) throws(Mistake) -> [(name: String, value: YAMLValue)] {
        guard case .mapping(let mapping) = node else { throw mistake(allowed: "a mapping of \(what)") }
        var entries: [(name: String, value: YAMLValue)] = []
        var merged: [(name: String, value: YAMLValue)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string, !name.isEmpty else {
                throw child(key, path).mistake(allowed: "a name")
            }
            if name == "<<" {
                let bases = value.sequence.map(Array.init) ?? [value]
                for base in bases { merged += try child(base, path).mergedEntries(of: what) }
            } else {
                entries.append((name, child(value, path.isEmpty ? name : "\(path).\(name)")))
            }
        }
        for (name, value) in merged where !entries.contains(where: { $0.name == name }) {
            entries.append((name, value))
        }
        return entries
    }

    /// As ``fields(of:required:optional:noting:)``, where `<<` may bring some of them in.
    package func mergedFields(
        of what: String, required: [String], optional: [String] = [], noting mistakes: inout Mistakes
    ) -> [String: YAMLValue] {
        guard let entries = mistakes.collect({ () throws(Mistake) in try mergedEntries(of: "a \(what)'s fields") })
        else {
            return [:]
        }
        let known = required + optional
        var values: [String: YAMLValue] = [:]
        var hasStranger = false
        for (name, value) in entries {
            if known.contains(name) {
                values[name] = value
            } else {
                mistakes.add(Mistake(value.place, path, unknown: name, among: known))
                hasStranger = true
            }
        }
        let missing = hasStranger ? [] : required.filter { values[$0] == nil || values[$0]?.isNothing == true }
        if !missing.isEmpty {
            mistakes.add(
                Mistake(
                    place, path, found: "a \(what) without \(missing.joined(separator: ", "))",
                    allowed: required.joined(separator: ", ")))
        }
        return values
    }

    private func child(_ node: Node, _ path: String) -> YAMLValue { YAMLValue(node, file: place.file, path: path) }
}
