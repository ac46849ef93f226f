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

    /// A mapping's keys and values, in their order. What a `<<` brings in follows, where the mapping has no such key
    /// itself; of several mappings that it brings in the first wins.
    func pairs(allowed: String) throws(Mistake) -> [(key: Node, value: Node)] {
        guard case .mapping(let mapping) = node else { throw mistake(allowed: allowed) }
        var pairs: [(key: Node, value: Node)] = []
        var merged: [(key: Node, value: Node)] = []
        for (key, value) in mapping {
            if key.scalar?.string == "<<" {
                let bases = value.sequence.map(Array.init) ?? [value]
                for base in bases { merged += try child(base, path).pairs(allowed: "a mapping, or a list of them") }
            } else {
                pairs.append((key, value))
            }
        }
        for pair in merged where !pairs.contains(where: { $0.key == pair.key }) { pairs.append(pair) }
        return pairs
    }

    func child(_ node: Node, _ path: String) -> YAMLValue { YAMLValue(node, file: place.file, path: path) }
}
