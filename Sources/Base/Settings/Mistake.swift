// SPDX-License-Identifier: Apache-2.0
internal import Expressions

/// One thing wrong in what an operator wrote, as one line: where it stands, what was found, what is allowed, what
/// to try.
package struct Mistake: Error, Sendable, Hashable {
    package struct Place: Sendable, Hashable {
        /// A file's path, or what stands for one: `command line`, `environment variable OS_DEFAULT__HOST`.
        package var file: String
        /// From 1; nil where there are no lines.
        package var line: Int?

        package init(_ file: String, line: Int? = nil) {
            self.file = file
            self.line = line
        }
    }

    package var place: Place
    /// The key or option it is about: `[polling] batch_size`, `sources[2].interval`.
    package var key: String
    /// What was found, without its value where that could be a secret.
    package var found: String
    /// What may stand there.
    package var allowed: String
    /// Names near to a misspelt one, the likeliest first.
    package var near: [String]

    package init(_ place: Place, _ key: String, found: String, allowed: String, near: [String] = []) {
        self.place = place
        self.key = key
        self.found = found
        self.allowed = allowed
        self.near = near
    }

    /// A name that isn't one of `names`; where there are none, nothing is said of what is allowed.
    ///
    /// - Parameter list: the option that lists them, for when they are too many for a line.
    package init(
        _ place: Place, _ key: String, unknown name: String, among names: some Collection<String>,
        seenWith list: String? = nil
    ) {
        let names = Set(names)
        let known = names.sorted().joined(separator: ", ")
        let isShort = known.utf8.count <= 160
        let hint = list.map { " that \($0) shows" } ?? ""
        self.init(
            place, key, found: "unknown name \(name.quoted)",
            allowed: isShort ? (names.count < 2 ? known : "one of \(known)") : "a name\(hint)",
            // Nobody meant a name of thousands of letters, and comparing it takes its time.
            near: name.utf8.count > 200 ? [] : NearNames.of(name, among: names))
    }
}

extension Mistake: CustomStringConvertible {
    package var description: String {
        let line = place.line.map { ":\($0)" } ?? ""
        let subject = key.isEmpty ? "" : " \(key):"
        let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
        let allowance = allowed.isEmpty ? "" : "; allowed: \(allowed)"
        return "\(place.file.shortened(to: 300))\(line):\(subject) \(found)\(allowance)\(hint)".onOneLine
    }
}

/// All that is wrong, so that an operator mends it in one go.
package struct Mistakes: Error, Sendable, Hashable, CustomStringConvertible {
    package private(set) var all: [Mistake]

    package init(_ all: [Mistake] = []) { self.all = all }

    package var isEmpty: Bool { all.isEmpty }

    /// So many that the wrong file was read, perhaps a log: nobody reads more of them, and looking takes its time.
    package var areMany: Bool { all.count >= 50 }

    /// Notes a mistake, once, as two readers may come upon the same one; where there are many, no more.
    package mutating func add(_ mistake: Mistake) {
        if !areMany, !all.contains(mistake) { all.append(mistake) }
    }

    /// What `body` returns; nil, with what it threw noted, where it threw mistakes.
    package mutating func collect<Value>(_ body: () throws(Mistake) -> Value) -> Value? {
        do {
            return try body()
        } catch {
            add(error)
            return nil
        }
    }

    /// As ``collect(_:)-(()throws(Mistake)->Value)``, for what throws several at once.
    package mutating func collectAll<Value>(_ body: () throws(Mistakes) -> Value) -> Value? {
        do {
            return try body()
        } catch {
            for mistake in error.all { add(mistake) }
            return nil
        }
    }

    package func throwIfAny() throws(Mistakes) {
        if !isEmpty { throw self }
    }

    /// File by file, as they were come upon, and each file from its top.
    package var inOrder: [Mistake] {
        let files = all.map(\.place.file)
        func key(_ mistake: Mistake) -> (file: Int, line: Int) {
            (files.firstIndex(of: mistake.place.file) ?? 0, mistake.place.line ?? 0)
        }
        return all.sorted { key($0) < key($1) }
    }

    /// A line each.
    package var description: String { inOrder.map(\.description).joined(separator: "\n") }
}

extension String {
    /// In quotation marks, short and on one line: fit for an error line.
    package var quoted: String { "\"\(shortened())\"" }

    /// Cut to a length, with what would end the line escaped.
    package func shortened(to length: Int = 80) -> String {
        // Scalars, not characters: one character may be made of thousands.
        let shown = unicodeScalars.prefix(length)
        return (String(shown) + (shown.endIndex == unicodeScalars.endIndex ? "" : "…")).onOneLine
    }

    /// With all that would end the line, move the cursor or turn the direction escaped.
    fileprivate var onOneLine: String {
        let hidden: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator]
        return unicodeScalars.map { scalar in
            hidden.contains(scalar.properties.generalCategory) ? scalar.escaped(asASCII: true) : String(scalar)
        }.joined()
    }
}
