// SPDX-License-Identifier: Apache-2.0

/// A version as https://semver.org, 2.0.0, has it.
public struct SemanticVersion: Sendable, Hashable, CustomStringConvertible {
    public let description: String
    /// Major, minor, patch.
    public let numbers: [Int]
    /// After the `-`; empty for a release.
    public let preRelease: [String]

    /// nil where the text is none, as `1.0` or `01.0.0`.
    public init?(_ text: String) {
        let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        let core = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let words = core[0].split(separator: ".", omittingEmptySubsequences: false)
        numbers = words.compactMap { Self.isNumber($0) ? Int($0) : nil }
        preRelease =
            core.count < 2 ? [] : core[1].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let build = parts.count < 2 ? [] : parts[1].split(separator: ".", omittingEmptySubsequences: false)
        guard words.count == 3, numbers.count == 3, build.allSatisfy({ Self.isIdentifier($0) }),
            preRelease.allSatisfy({ Self.isIdentifier($0[...]) && (!Self.isDigits($0[...]) || Self.isNumber($0[...])) })
        else { return nil }
        description = text
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isNumber(_ text: Substring) -> Bool { isDigits(text) && (text == "0" || !text.hasPrefix("0")) }

    private static func isIdentifier(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || $0.value < 58 && $0.value > 47 || $0 == "-")
            }
    }
}
