// SPDX-License-Identifier: Apache-2.0
package import Settings

/// Where samples go: `scheme://location?option=value&option=value`. A bare `scheme` is taken too.
package struct PublisherURL: Sendable, Hashable {
    package var scheme: String
    /// What stands between `://` and `?`: a path, or a host with more.
    package var location: String
    package var options: [String: String]
    /// Of options that stand there more than once, all values in their order; ``options`` has the last.
    private var repeated: [String: [String]] = [:]
    /// Where it was written, for messages about it.
    package var place: Mistake.Place

    package init(scheme: String, location: String = "", options: [String: String] = [:], place: Mistake.Place) {
        self.scheme = scheme
        self.location = location
        self.options = options
        self.place = place
    }

    package init(_ value: YAMLValue) throws(Mistake) {
        try self.init(try value.string(), at: value.place, path: value.path)
    }

    /// - Parameter path: the key that it is the value of, for messages.
    package init(_ text: String, at place: Mistake.Place, path: String) throws(Mistake) {
        let separator = text.firstRange(of: "://")
        scheme = String(text[..<(separator?.lowerBound ?? text.endIndex)])
        guard !scheme.isEmpty, scheme.allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) }) else {
            throw Mistake(
                place, path, found: String(text.prefix { $0 != "?" }).withoutPassword.quoted,
                allowed: "a publisher, such as stdout:// or file:///var/log/samples.jsonl")
        }
        let rest = separator.map { text[$0.upperBound...] } ?? ""
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        location = parts.first.map(String.init) ?? ""
        options = [:]
        self.place = place
        for option in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
            let pair = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, !pair[0].isEmpty else {
                // Not shown: what lost its name may be a password.
                throw Mistake(
                    place, "publisher \(shown)", found: "an option without a name or a value",
                    allowed: "option=value, with & between them, after the ?")
            }
            let name = String(pair[0])
            if let known = options[name] { repeated[name, default: [known]].append(String(pair[1])) }
            options[name] = String(pair[1])
        }
    }

    /// Equal for URLs that lead to the same place in the same way. Not for messages: it holds passwords.
    var identity: String {
        "\(scheme)://\(location)?"
            + options.keys.sorted().flatMap { name in values(name).map { "\(name)=\($0)" } }.joined(separator: "&")
    }

    /// All values of an option that may stand there more than once.
    package func values(_ option: String) -> [String] { repeated[option] ?? options[option].map { [$0] } ?? [] }

    /// Where it leads to, whoever asks and however: without user, password and options.
    package var destination: String {
        let authority = location.prefix { $0 != "/" }
        let host = authority.lastIndex(of: "@").map { location[location.index(after: $0)...] } ?? location[...]
        return "\(scheme)://\(host)"
    }

    /// For messages: a password is hidden, and options, which may hold one, are named only.
    package var shown: String {
        let names = options.keys.sorted().map { "\($0)=…" }.joined(separator: "&")
        return ("\(scheme)://\(location)".withoutPassword + (names.isEmpty ? "" : "?\(names)")).shortened(to: 200)
    }

    /// An option as a whole number in a range; nil where it isn't set.
    package func integer(_ option: String, _ range: ClosedRange<Int>) throws(Mistake) -> Int? {
        guard let text = options[option] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw Mistake(
                place, "publisher \(shown), option \(option)", found: text.quoted,
                allowed: "a whole number from \(range.lowerBound)"
                    + (range.upperBound == .max ? " on" : " to \(range.upperBound)"))
        }
        return value
    }
}
