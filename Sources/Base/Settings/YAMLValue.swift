// SPDX-License-Identifier: Apache-2.0
internal import Yams

/// A value of a YAML file that knows where it stands: its file, its line, and its path (`sources[2].interval`).
///
/// The readers throw one ``Mistake`` that names the place, what was found and what is allowed.
package struct YAMLValue {
    package let place: Mistake.Place
    /// Empty for the whole document.
    package let path: String
    let node: Node

    /// Reads the one document in `text`.
    package init(file: String, text: String) throws(Mistake) {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw Mistake(.init(file), "", found: "an empty file, or comments alone", allowed: "a YAML mapping")
            }
            self.init(node, file: file, path: "")
        } catch let mistake as Mistake {
            throw mistake
        } catch {
            throw Self.mistake(error, file: file)
        }
    }

    init(_ node: Node, file: String, path: String) {
        self.node = node
        self.path = path
        place = Mistake.Place(file, line: node.mark?.line)
    }

    /// The values of a mapping by key; a key that isn't among `known` is a mistake, or else all are taken.
    package func mapping(known: [String]) throws(Mistakes) -> [String: YAMLValue] {
        var mistakes = Mistakes()
        let values = mapping(known: known, noting: &mistakes)
        try mistakes.throwIfAny()
        return values
    }

    /// The same; the values that are there can be read on where another key is a mistake.
    private func mapping(known: [String], noting mistakes: inout Mistakes) -> [String: YAMLValue] {
        let words = "a mapping with \(known.joined(separator: ", "))"
        guard let pairs = mistakes.collect({ () throws(Mistake) in try pairs(allowed: words) }) else { return [:] }
        var values: [String: YAMLValue] = [:]
        for (key, value) in pairs {
            guard let name = key.scalar?.string else {
                mistakes.add(child(key, path).mistake(allowed: "a name"))
                continue
            }
            if known.contains(name) {
                values[name] = child(value, path.isEmpty ? name : "\(path).\(name)")
            } else {
                mistakes.add(Mistake(.init(place.file, line: key.mark?.line), path, unknown: name, among: known))
            }
        }
        return values
    }

    /// The values of a mapping whose keys are names that only the reader's own rules bound, in their order.
    package func namedValues(of what: String) throws(Mistake) -> [(name: String, value: YAMLValue)] {
        var values: [(name: String, value: YAMLValue)] = []
        for (key, value) in try pairs(allowed: "a mapping of \(what)") {
            guard let name = key.scalar?.string, !name.isEmpty else {
                throw child(key, path).mistake(allowed: "a name")
            }
            values.append((name, child(value, path.isEmpty ? name : "\(path).\(name)")))
        }
        return values
    }

    /// Whether it is a list, and not one value alone.
    package var isList: Bool {
        if case .sequence = node { true } else { false }
    }

    /// Whether it is a mapping.
    package var isMapping: Bool {
        if case .mapping = node { true } else { false }
    }

    /// The values of an item of a list, such as a source, of which some have to be there.
    ///
    /// - Parameter what: the item in a word, for messages.
    package func fields(
        of what: String, required: [String], optional: [String] = [], noting mistakes: inout Mistakes
    ) -> [String: YAMLValue] {
        var own = Mistakes()
        let values = mapping(known: required + optional, noting: &own)
        // What a misspelt key leaves missing is no mistake of its own.
        let missing = own.isEmpty ? required.filter { values[$0] == nil } : []
        if !missing.isEmpty {
            let all = required.dropLast().joined(separator: ", ") + " and " + (required.last ?? "")
            own.add(
                Mistake(place, path, found: "a \(what) without \(missing.joined(separator: ", "))", allowed: all))
        }
        for mistake in own.all { mistakes.add(mistake) }
        return values
    }

    /// The items of a list that isn't empty.
    package func list(of what: String) throws(Mistake) -> [YAMLValue] {
        guard case .sequence(let sequence) = node, !sequence.isEmpty else {
            throw mistake(allowed: "a list of \(what), not empty")
        }
        return sequence.enumerated().map { child($1, "\(path)[\($0)]") }
    }

    /// Nothing at all, or a list with nothing in it.
    package var isNothing: Bool {
        switch node {
        case .scalar(let scalar): node.tag == Tag(.null) || scalar.string.isEmpty
        case .sequence(let sequence): sequence.isEmpty
        default: false
        }
    }

    /// A text that isn't empty.
    package func string() throws(Mistake) -> String {
        guard case .scalar(let scalar) = node, node.tag != Tag(.null), !scalar.string.isEmpty else {
            throw mistake(allowed: "a text, not empty")
        }
        return scalar.string
    }

    /// A whole number in a range; a quoted one is taken too, and `300.0`, as Ceilometer does.
    package func integer(_ range: ClosedRange<Int>, unit: String) throws(Mistake) -> Int {
        guard case .scalar(let scalar) = node,
            let value = Int(scalar.string) ?? Double(scalar.string).flatMap(Int.init(exactly:)), range.contains(value)
        else {
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
        case .mapping(let mapping): mapping.isEmpty ? "an empty mapping" : "a mapping"
        case .sequence(let sequence): sequence.isEmpty ? "an empty list" : "a list"
        case .alias: "an alias"
        }
    }

    private static func mistake(_ error: any Error, file: String) -> Mistake {
        let allowed = "well-formed YAML"
        switch error {
        case YamlError.scanner(let context, let problem, let mark, let text),
            YamlError.parser(let context, let problem, let mark, let text),
            YamlError.composer(let context, let problem, let mark, let text):
            let activity = context.map { $0.text + ": " } ?? ""
            let start = context.flatMap { $0.mark.line == mark.line ? nil : " (begun at line \($0.mark.line))" } ?? ""
            return Mistake(
                .init(file, line: mark.line), "", found: activity + described(problem, at: mark, in: text) + start,
                allowed: allowed)
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            return Mistake(
                .init(file, line: context.mark.line), "",
                found: "the same key twice: \(duplicates.map(\.shownKey).joined(separator: ", "))",
                allowed: "each key once")
        case YamlError.reader(let problem, let offset, _, let text):
            // Its own line is lost on the way.
            let line = offset.map { text.utf8.prefix($0).count { $0 == UInt8(ascii: "\n") } + 1 }
            return Mistake(.init(file, line: line), "", found: problem, allowed: allowed)
        default:
            return Mistake(.init(file), "", found: "\(error)", allowed: allowed)
        }
    }

    /// The parser's words, clearer where they would puzzle somebody who never saw it.
    private static func described(_ problem: String, at mark: Mark, in text: String) -> String {
        if problem.hasPrefix("Maximum nesting level") { return "nested too deeply" }
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        guard problem == "found character that cannot start any token", lines.indices.contains(mark.line - 1),
            let character = lines[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1).first
        else { return problem }
        if character == "\t" { return "a tab, where only spaces may stand" }
        return "found \(String(character).quoted), which can't begin a value"
    }
}

extension String {
    /// Of a key that stands twice; what is no text has no name.
    fileprivate var shownKey: String { self == "<uncovertable>" ? "a list or mapping" : quoted }
}
