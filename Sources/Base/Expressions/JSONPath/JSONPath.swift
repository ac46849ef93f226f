// SPDX-License-Identifier: Apache-2.0

/// Where values stand in a document, as Ceilometer's definitions write it (the language of `jsonpath-rw` and its
/// extension, in the part that definitions use):
///
/// - `$` the document, `@` or `` `this` `` the value at hand, `.name`, `.'quoted name'`, `['name']`, `.a,b`, `.*`,
///   `..name` at any depth, `[0]`, `[-1]`, `[1:3]`, `[*]`; a path may begin with a name, which is one of the document;
/// - `[?(@.key='x')]`, `[?a=1 & b!=2]`, `[?(@.size > 10)]`: the items of a list that pass all tests; a path alone asks
///   whether it is there;
/// - `(a)|(b)` what either finds, `a where b` what `a` finds and has `b` in it;
/// - `+ - * /` between paths, numbers and texts (a single name there is a text), `'text' + $.name` among them;
/// - `` `len` ``, `` `split(., 0, -1)` `` (separator, segment, splits at most), `` `sub(/pattern/, text)` ``.
///
/// What is not there gives nothing, and so does a computation that can't be done, or a path that would have to look at more
/// than a million values: none is an error.
package struct JSONPath: Sendable, Hashable {
    /// Characters.
    package static let longestText = 2000

    package let text: String
    let root: JSONPathNode
    /// For a path of names alone, which most are: looked up without lists on the way.
    private let chain: [String]?

    package init(_ text: String) throws(ExpressionMistake) {
        guard text.unicodeScalars.count <= Self.longestText else {
            throw ExpressionMistake(
                column: Self.longestText + 1, found: "\(text.unicodeScalars.count) characters",
                allowed: "at most \(Self.longestText)")
        }
        var parser = JSONPathParser(text)
        root = try parser.parse()
        self.text = text
        chain = root.chain
    }

    /// The names of the document that it begins at; none where that isn't a name.
    package var firstNames: Set<String> {
        var names: Set<String> = []
        root.addFirstNames(to: &names)
        return names
    }

    /// Everything that it finds, in the order of the document; nulls too.
    package func values(in document: ExpressionValue) -> [ExpressionValue] {
        if let chain { return Self.value(at: chain, in: document).map { [$0] } ?? [] }
        return JSONPathEvaluation(document: document).values(of: root)
    }

    /// The first that is not null.
    package func firstValue(in document: ExpressionValue) -> ExpressionValue? {
        if let chain { return Self.value(at: chain, in: document).flatMap { $0 == .none ? nil : $0 } }
        return values(in: document).first { $0 != .none }
    }

    private static func value(at chain: [String], in document: ExpressionValue) -> ExpressionValue? {
        var value = document
        for name in chain {
            guard case .dictionary(let entries) = value, let entry = entries.first(where: { $0.key == name }) else {
                return nil
            }
            value = entry.value
        }
        return value
    }
}
