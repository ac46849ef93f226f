// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings

/// Which event types a meter's definition is about: a regular expression that matches what they begin with.
struct EventTypePattern: Sendable, Hashable {
    let pattern: PythonPattern

    /// One, or a list of them.
    static func list(_ value: YAMLValue) throws(Mistakes) -> [EventTypePattern] {
        var mistakes = Mistakes()
        let items =
            value.kind == .list
            ? mistakes.collect { () throws(Mistake) in try value.list(of: "regular expressions") } ?? [] : [value]
        let patterns = items.compactMap { item in
            mistakes.collect { () throws(Mistake) in
                let text = try item.string()
                do throws(ExpressionMistake) {
                    return EventTypePattern(pattern: try PythonPattern(text))
                } catch {
                    throw item.mistake(error)
                }
            }
        }
        try mistakes.throwIfAny()
        return patterns
    }

    func matches(_ eventType: String) -> Bool { pattern.matchesStart(of: eventType) }

    /// The beginning that it asks for letter by letter, for telling how near an event type came.
    var plainStart: String {
        var start = ""
        var isEscaped = false
        for character in pattern.text {
            if isEscaped {
                guard !character.isLetter, !character.isNumber else { break }
                start.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if "([*+?{|^$".contains(character) {
                break
            } else {
                start.append(character)
            }
        }
        return start
    }
}
