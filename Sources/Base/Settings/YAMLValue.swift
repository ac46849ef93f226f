// SPDX-License-Identifier: Apache-2.0
internal import Yams

/// A value of a YAML file that knows where it stands: its file, its line, and its path (`sources[2].interval`).
///
/// The readers throw one ``Mistake`` that names the place, what was found and what is allowed.
package struct YAMLValue {
    package let place: Mistake.Place
    /// Empty for the whole document.
    package let path: String
    private let node: Node

    /// Reads the one document in `text`.
    package init(file: String, text: String) throws(Mistake) {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw Mistake(.init(file), "", found: "an empty file", allowed: "a YAML mapping")
            }
            self.init(node, file: file, path: "")
        } catch let mistake as Mistake {
            throw mistake
        } catch {
            throw Self.mistake(error, file: file)
        }
    }

    private init(_ node: Node, file: String, path: String) {
        self.node = node
        self.path = path
        place = Mistake.Place(file, line: node.mark?.line)
    }

    /// The values of a mapping by key; a key that isn't among `known` is a mistake, or else all are taken.
    package func mapping(known: [String]) throws(Mistakes) -> [String: YAMLValue] {
        guard case .mapping(let mapping) = node else {
            throw Mistakes([mistake(allowed: "a mapping with \(known.joined(separator: ", "))")])
        }
        var values: [String: YAMLValue] = [:]
        var mistakes = Mistakes()
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                mistakes.add(YAMLValue(key, file: place.file, path: path).mistake(allowed: "a name"))
                continue
            }
            if known.contains(name) {
                values[name] = YAMLValue(value, file: place.file, path: path.isEmpty ? name : "\(path).\(name)")
            } else {
                mistakes.add(Mistake(.init(place.file, line: key.mark?.line), path, unknown: name, among: known))
            }
        }
        try mistakes.throwIfAny()
        return values
    }

    /// The items of a list that isn't empty.
    package func list(of what: String) throws(Mistake) -> [YAMLValue] {
        guard case .sequence(let sequence) = node, !sequence.isEmpty else {
            throw mistake(allowed: "a list of \(what), not empty")
        }
        return sequence.enumerated().map { YAMLValue($1, file: place.file, path: "\(path)[\($0)]") }
    }

    /// Whether nothing stands here: no value, or an empty list.
    package var isNothing: Bool {
        if case .sequence(let sequence) = node { sequence.isEmpty } else { node.tag == Tag(.null) }
    }

    /// A text that isn't empty.
    package func string() throws(Mistake) -> String {
        guard case .scalar(let scalar) = node, node.tag != Tag(.null), !scalar.string.isEmpty else {
            throw mistake(allowed: "a text, not empty")
        }
        return scalar.string
    }

    /// A whole number in a range; a quoted one is taken too, as Ceilometer does.
    package func integer(_ range: ClosedRange<Int>, unit: String) throws(Mistake) -> Int {
        guard case .scalar(let scalar) = node, let value = Int(scalar.string), range.contains(value) else {
            throw mistake(allowed: "\(unit), a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// That this value can't stand here.
    package func mistake(allowed: String, near: [String] = []) -> Mistake {
        Mistake(place, path, found: found, allowed: allowed, near: near)
    }

    /// What stands here, in a few words.
    private var found: String {
        switch node {
        case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : scalar.string.withoutPassword.quoted
        case .mapping: "a mapping"
        case .sequence(let sequence): sequence.isEmpty ? "an empty list" : "a list"
        case .alias: "an alias"
        }
    }

    private static func mistake(_ error: any Error, file: String) -> Mistake {
        let allowed = "well-formed YAML"
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let words = [context?.text, problem].compactMap { $0 }.joined(separator: ": ")
            return Mistake(.init(file, line: mark.line), "", found: words, allowed: allowed)
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            return Mistake(
                .init(file, line: context.mark.line), "",
                found: "the same key twice: \(duplicates.joined(separator: ", "))", allowed: "each key once")
        case YamlError.reader(let problem, _, _, _):
            return Mistake(.init(file), "", found: problem, allowed: allowed)
        default:
            return Mistake(.init(file), "", found: "\(error)", allowed: allowed)
        }
    }
}
