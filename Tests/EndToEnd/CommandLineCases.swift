// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The command line from outside. A folder in `Cases`, named as a sentence, is a case; it holds
/// - `arguments`, one a line, and optionally `environment`, `NAME=value` a line,
/// - the files that the arguments name,
/// - optionally `prepare`, a bash script that makes what no repository can hold,
/// - what is expected: `status`, `stdout` and `stderr` (each optional; a missing `stdout` or `stderr` means: empty),
/// - optionally `check`, a bash script that looks at what the run left behind and ends with 0 where all is well.
///
/// Everything happens in a copy of the folder, `@CASE@` in any file being replaced by the copy's path. In `stdout` and
/// `stderr` a line `~ …` is a regular expression for one whole line, and `...` stands for any number of lines.
struct CommandLineCases {
    @Test(.serialized, .timeLimit(.minutes(1)), arguments: try Case.all())
    func holds(_ one: Case) async throws {
        let folder = try one.copy()
        defer { try? FileManager.default.removeItem(at: folder) }  // a copy too many hurts nobody
        func text(_ file: String) -> String? { try? String(contentsOf: folder.appending(path: file), encoding: .utf8) }

        if text("prepare") != nil { try await #expect(Self.script("prepare", folder).status == 0) }
        let environment = (text("environment") ?? "").nonEmptyLines.compactMap { line in
            line.firstIndex(of: "=").map { (String(line[..<$0]), String(line[line.index(after: $0)...])) }
        }
        let arguments = try #require(text("arguments")).split(separator: "\n", omittingEmptySubsequences: false)
        let outcome = try await Binary(
            arguments: arguments.dropLast().map(String.init),
            environment: Dictionary(environment) { $1 }, folder: folder
        ).run()

        let status = try #require(text("status").flatMap { Int32($0.dropLast()) })
        #expect(outcome.status == status)
        try #expect(ExpectedText(text("stdout") ?? "").matches(outcome.stdout), "stdout: \(outcome.stdout)")
        try #expect(ExpectedText(text("stderr") ?? "").matches(outcome.stderr), "stderr: \(outcome.stderr)")
        if text("check") != nil {
            let check = try await Self.script("check", folder)
            #expect(check.status == 0, "check: \(check.stdout)\(check.stderr)")
        }
    }

    private static func script(_ name: String, _ folder: URL) async throws -> Binary.Outcome {
        try await Binary(executable: Binary.bash, arguments: ["-euo", "pipefail", name], folder: folder).run()
    }
}

/// A folder in `Cases`.
struct Case: Sendable, CustomTestStringConvertible {
    let folder: URL

    var testDescription: String { folder.lastPathComponent }

    static func all() throws -> [Case] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .map { Case(folder: folder.appending(path: $0)) }
    }

    /// A copy with a name of its own, `@CASE@` replaced in every file that is text.
    func copy() throws -> URL {
        let files = FileManager.default
        let copy = files.temporaryDirectory.appending(path: "hypsometer-\(UUID())")
        try files.copyItem(at: folder, to: copy)
        for name in try files.subpathsOfDirectory(atPath: copy.path) {
            let file = copy.appending(path: name)
            guard let text = try? String(contentsOf: file, encoding: .utf8), text.contains("@CASE@") else { continue }
            try text.replacing("@CASE@", with: copy.path).write(to: file, atomically: false, encoding: .utf8)
        }
        return copy
    }
}

/// What a case expects to be printed.
struct ExpectedText {
    private enum Line {
        case plain(Substring)
        case pattern(Regex<AnyRegexOutput>)
        case anyLines
    }

    private let lines: [Line]

    init(_ text: String) throws {
        lines = try text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            if line == "..." { return .anyLines }
            return line.hasPrefix("~ ") ? .pattern(try Regex(String(line.dropFirst(2)))) : .plain(line)
        }
    }

    func matches(_ text: String) throws -> Bool {
        Self.match(lines[...], text.split(separator: "\n", omittingEmptySubsequences: false)[...])
    }

    private static func match(_ expected: ArraySlice<Line>, _ found: ArraySlice<Substring>) -> Bool {
        guard let line = expected.first else { return found.isEmpty }
        let rest = expected.dropFirst()
        switch line {
        case .anyLines: return (0...found.count).contains { match(rest, found.dropFirst($0)) }
        case .plain(let text): return found.first == text && match(rest, found.dropFirst())
        case .pattern(let regex):
            return found.first?.wholeMatch(of: regex) != nil && match(rest, found.dropFirst())
        }
    }
}

extension String {
    fileprivate var nonEmptyLines: [Substring] { split(separator: "\n") }
}
