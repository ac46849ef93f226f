// SPDX-License-Identifier: Apache-2.0
internal import Settings
internal import Telemetry

/// Where a value stands in a sample or an event: names with dots between them, and alternatives in parentheses, of
/// which the first that is there counts: `resource_metadata.(instance_host|host)`.
struct FieldPath: Sendable, Hashable {
    private indirect enum Step: Sendable, Hashable {
        case name(String)
        case first([FieldPath])
    }

    private var steps: [Step] = []

    init(_ value: YAMLValue) throws(Mistake) {
        let text = try value.string()
        var rest = text[...]
        guard let path = Self.parsed(&rest), rest.isEmpty else {
            throw Mistake(
                value.place, value.path, found: text.quoted,
                allowed: "names with dots between them, alternatives as in resource_metadata.(instance_host|host)")
        }
        self = path
    }

    private init(steps: [Step]) { self.steps = steps }

    private static func parsed(_ rest: inout Substring, depth: Int = 0) -> FieldPath? {
        var steps: [Step] = []
        repeat {
            if rest.first == "(", depth < 8 {
                var paths: [FieldPath] = []
                repeat {
                    rest.removeFirst()
                    guard let path = parsed(&rest, depth: depth + 1) else { return nil }
                    paths.append(path)
                } while rest.first == "|"
                guard rest.popFirst() == ")" else { return nil }
                steps.append(.first(paths))
            } else {
                let name = rest.prefix { $0.isLetter || $0.isNumber || "_-:".contains($0) }
                guard !name.isEmpty else { return nil }
                rest = rest.dropFirst(name.count)
                steps.append(.name(String(name)))
            }
            if rest.first != "." { break }
            rest.removeFirst()
        } while true
        return FieldPath(steps: steps)
    }

    /// nil where there is nothing, or null.
    func value(in root: Metadata.Value) -> Metadata.Value? {
        var value = root
        for step in steps {
            let next: Metadata.Value? =
                switch step {
                case .name(let name): value[name]
                case .first(let paths): paths.lazy.compactMap { $0.value(in: value) }.first
                }
            guard let next, next != .null else { return nil }
            value = next
        }
        return value
    }
}

extension Sample {
    /// What paths of a definition begin at.
    var fields: Metadata.Value {
        .object([
            "name": .string(name), "resource_id": .string(resourceID), "project_id": .init(projectID),
            "project_name": .init(projectName), "user_id": .init(userID), "user_name": .init(userName),
            "unit": .string(unit), "source": .string(source), "resource_metadata": .object(resourceMetadata),
        ])
    }
}
