// SPDX-License-Identifier: Apache-2.0
import Audits
import ClusterModel
import Expressions
import ModelCollectors
import Settings

/// What narrows models from files.
enum ScopeFiles {
    /// Throws what is wrong with a scope before it is kept or applied.
    static func check(_ scope: JSONValue) throws {
        do throws(ScopeProblem) { try AuditScope.check(scope) } catch { throw Words(problem: error) }
    }

    /// Reads a scope, and checks it.
    static func read(_ input: InputFile) throws(Mistake) -> JSONValue {
        try input.read {
            let scope = try JSONValue(parsing: input.text)
            try check(scope)
            return scope
        }
    }

    private struct Words: Error, CustomStringConvertible {
        var problem: ScopeProblem

        var description: String {
            let place = problem.place.isEmpty ? "" : " at \(problem.place)"
            switch problem.kind {
            case .form(let found, let wanted): return "The scope has \(found)\(place); allowed: \(wanted)."
            case .name(let name, let known):
                let near = NearNames.of(name.utf8.count > 200 ? "" : name, among: known)
                let hint = near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
                return "The scope has \(name.quoted)\(place); allowed: \(known.joined(separator: ", ")).\(hint)"
            }
        }
    }

    /// - Parameter groups: the path of a file that tells what aggregates and zones are; nil for none.
    static func handler(groups path: String?) throws(Mistake) -> GivenGroups {
        guard let path else { return GivenGroups() }
        let input = try InputFile(reading: path)
        return try input.read { try GivenGroups(json: try JSONValue(parsing: input.text)) }
    }
}
