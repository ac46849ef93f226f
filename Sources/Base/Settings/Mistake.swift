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

    /// A name that isn't one of `names`.
    package init(_ place: Place, _ key: String, unknown name: String, among names: some Collection<String>) {
        let names = Set(names)
        let near = NearNames.of(name, among: names)
        let known = names.isEmpty ? "" : "one of \(names.sorted().joined(separator: ", "))"
        self.init(
            place, key, found: "unknown name \(name.quoted)",
            allowed: names.count <= 12 || near.isEmpty ? known : "a known name", near: near)
    }
}

extension Mistake: CustomStringConvertible {
    package var description: String {
        let line = place.line.map { ":\($0)" } ?? ""
        let subject = key.isEmpty ? "" : " \(key):"
        let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
        let allowance = allowed.isEmpty ? "" : "; allowed: \(allowed)"
        return "\(place.file)\(line):\(subject) \(found)\(allowance)\(hint)"
    }
}

/// All that is wrong, so that an operator mends it in one go.
package struct Mistakes: Error, Sendable, Hashable, CustomStringConvertible {
    package private(set) var all: [Mistake]

    package init(_ all: [Mistake] = []) { self.all = all }

    package var isEmpty: Bool { all.isEmpty }

    package mutating func add(_ mistake: Mistake) { all.append(mistake) }

    /// What `body` returns; nil, with what it threw noted, where it threw mistakes.
    package mutating func collect<Value>(_ body: () throws(Mistake) -> Value) -> Value? {
        do {
            return try body()
        } catch {
            all.append(error)
            return nil
        }
    }

    /// As ``collect(_:)-(()throws(Mistake)->Value)``, for what throws several at once.
    package mutating func collectAll<Value>(_ body: () throws(Mistakes) -> Value) -> Value? {
        do {
            return try body()
        } catch {
            all += error.all
            return nil
        }
    }

    package func throwIfAny() throws(Mistakes) {
        if !isEmpty { throw self }
    }

    /// A line each.
    package var description: String { all.map(\.description).joined(separator: "\n") }
}

extension String {
    /// In quotation marks, cut to 80 characters, control characters escaped: fit for an error line.
    package var quoted: String {
        let shown = count > 80 ? prefix(80) + "…" : self[...]
        return "\"" + shown.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? $0.escaped(asASCII: true) : String($0) }.joined() + "\""
    }

    /// With what stands for a password in URLs hidden: `scheme://user:***@host`. Of a password that holds what a URL's
    /// can't, such as a slash, rather too much is hidden than too little.
    package var withoutPassword: String {
        let parts = split(separator: "://", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(String(parts[0])) { $0 + "://" + $1.hidingPasswords }
    }
}

extension Substring {
    /// What follows `://`: `user:password@host,user:password@host/path`.
    fileprivate var hidingPasswords: String {
        func authorityEnd(from start: Index) -> Index { self[start...].firstIndex { "/?#".contains($0) } ?? endIndex }
        var end = authorityEnd(from: startIndex)
        if let colon = self[..<end].firstIndex(of: ":"), !self[..<end].contains("@"), first != "[",
            !self[index(after: colon)..<end].allSatisfy(\.isNumber), let at = self[end...].lastIndex(of: "@")
        {
            end = authorityEnd(from: at)  // no port came after the colon
        }
        let pieces = self[..<end].split(separator: "@", omittingEmptySubsequences: false)
        guard pieces.count > 1 else { return String(self) }
        var shown = pieces[0].hidingAfterColon
        for piece in pieces[1..<(pieces.count - 1)] {
            guard let comma = piece.firstIndex(of: ",") else { continue }  // of the password before it
            shown += "@" + piece[...comma] + piece[piece.index(after: comma)...].hidingAfterColon
        }
        return shown + "@" + pieces[pieces.count - 1] + self[end...]
    }

    private var hidingAfterColon: String { firstIndex(of: ":").map { self[...$0] + "***" } ?? String(self) }
}
