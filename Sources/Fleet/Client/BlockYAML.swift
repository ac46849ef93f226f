// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel

extension JSONValue {
    /// As YAML for people to read: objects and lists on lines of their own, the rest as JSON has it.
    var yaml: String { lines(indent: 0).joined(separator: "\n") + "\n" }

    private func lines(indent: Int) -> [String] {
        let space = String(repeating: " ", count: indent)
        switch self {
        case .object(let object) where !object.isEmpty:
            return object.entries.flatMap { entry in
                let key = space + JSONValue.string(entry.key).json + ":"
                return entry.value.isBlock
                    ? [key] + entry.value.lines(indent: indent + 2) : ["\(key) \(entry.value.json)"]
            }
        case .array(let items) where isBlock:
            return items.flatMap { item -> [String] in
                guard item.isBlock else { return ["\(space)- \(item.json)"] }
                var lines = item.lines(indent: indent + 2)
                lines[0] = "\(space)- " + lines[0].dropFirst(indent + 2)
                return lines
            }
        default: return [space + json]
        }
    }

    /// Whether it takes lines of its own: what has nothing in it, and lists of plain values, don't.
    private var isBlock: Bool {
        switch self {
        case .object(let object): !object.isEmpty
        case .array(let items): items.contains { $0.object != nil || $0.array != nil }
        default: false
        }
    }
}
