// SPDX-License-Identifier: Apache-2.0

/// A shell wildcard over whole names, as Python's `fnmatch` reads it: `*` any run, `?` any one character, `[ab-d]`
/// one of a set, `[!…]` one outside of it. Upper and lower case differ; nothing escapes.
package struct Glob: Sendable, Hashable {
    package let pattern: String
    fileprivate let tokens: [Token]

    fileprivate enum Token: Sendable, Hashable {
        case one(Unicode.Scalar)
        case anyOne
        case anyRun
        case oneOf([ClosedRange<Unicode.Scalar>], negated: Bool)
    }

    package init(_ pattern: String) {
        self.pattern = pattern
        let scalars = Array(pattern.unicodeScalars)
        var tokens: [Token] = []
        var index = 0
        while index < scalars.count {
            switch scalars[index] {
            case "*":
                if tokens.last != .anyRun { tokens.append(.anyRun) }
            case "?":
                tokens.append(.anyOne)
            case "[":
                if let (token, end) = Self.set(in: scalars, from: index) {
                    tokens.append(token)
                    index = end
                } else {
                    tokens.append(.one("["))  // never closed: the character itself
                }
            case let scalar:
                tokens.append(.one(scalar))
            }
            index += 1
        }
        self.tokens = tokens
    }

    /// False where the pattern can only match the name that it spells.
    package var hasWildcard: Bool {
        tokens.contains { if case .one = $0 { false } else { true } }
    }

    package func matches(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        var token = 0
        var scalar = 0
        // Where to take up again when the run of the last `*` has to grow by one.
        var retry: (token: Int, scalar: Int)?
        while scalar < scalars.count {
            if token < tokens.count, tokens[token] == .anyRun {
                retry = (token + 1, scalar)
                token += 1
            } else if token < tokens.count, tokens[token].matches(scalars[scalar]) {
                token += 1
                scalar += 1
            } else if let last = retry {
                retry = (last.token, last.scalar + 1)
                token = last.token
                scalar = last.scalar + 1
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == .anyRun }
    }

    /// The set that begins at `start`, and the index of its closing bracket; nil without one. A bracket that comes
    /// first belongs to the set.
    private static func set(in scalars: [Unicode.Scalar], from start: Int) -> (Token, end: Int)? {
        let negated = start + 1 < scalars.count && scalars[start + 1] == "!"
        let first = start + (negated ? 2 : 1)
        guard first < scalars.count, let end = scalars[(first + 1)...].firstIndex(of: "]") else { return nil }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        var index = first
        while index < end {
            if index + 2 < end, scalars[index + 1] == "-" {
                if scalars[index] <= scalars[index + 2] { ranges.append(scalars[index]...scalars[index + 2]) }
                index += 3
            } else {
                ranges.append(scalars[index]...scalars[index])
                index += 1
            }
        }
        return (.oneOf(ranges, negated: negated), end)
    }
}

extension Glob.Token {
    fileprivate func matches(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .one(let own): own == scalar
        case .anyOne: true
        case .anyRun: false
        case .oneOf(let ranges, let negated): ranges.contains { $0.contains(scalar) } != negated
        }
    }
}
