// SPDX-License-Identifier: Apache-2.0
package import Settings

/// The secrets that clients may show, each good for all of them.
package struct AccessTokens: Sendable {
    private let tokens: [[UInt8]]
    /// Shorter ones could be guessed.
    private static let shortest = 16

    /// - Parameter tokens: each of the letters that a header field takes.
    package init(_ tokens: [String]) { self.tokens = tokens.map { Array($0.utf8) } }

    /// Reads a file with a token on each line; empty lines and those that begin with `#` are left out. Several make it
    /// possible to change one without an interruption.
    package static func read(_ path: String) throws(Mistakes) -> AccessTokens {
        var mistakes = Mistakes()
        var tokens: [String] = []
        guard let text = mistakes.collect({ () throws(Mistake) in try TextFile.read(path) }) else { throw mistakes }
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let token = line.trimmed
            if token.isEmpty || token.hasPrefix("#") { continue }
            if token.utf8.count >= shortest, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
                tokens.append(String(token))
            } else {
                mistakes.add(
                    Mistake(
                        .init(path, line: index + 1), "", found: "a token that is too short or not plain ASCII",
                        allowed: "at least \(shortest) visible ASCII characters, such as: openssl rand -hex 32"))
            }
        }
        if tokens.isEmpty, mistakes.isEmpty {
            mistakes.add(Mistake(.init(path), "", found: "no token", allowed: "one on each line"))
        }
        try mistakes.throwIfAny()
        return AccessTokens(tokens)
    }

    /// Whether a client's token is one of these. How long this takes depends on the client's token alone, so that time
    /// tells nothing about ours.
    package func contains(_ token: some Collection<UInt8>) -> Bool {
        let shown = Array(token)
        var isKnown = false
        for token in tokens {
            var difference = shown.count ^ token.count
            for (index, byte) in shown.enumerated() { difference |= Int(byte ^ token[index % token.count]) }
            isKnown = (difference == 0) || isKnown
        }
        return isKnown
    }
}
