// SPDX-License-Identifier: Apache-2.0
import Audits
import ClusterModel
import ModelCollectors
import Settings

/// What narrows models from files.
enum ScopeFiles {
    /// Throws what is wrong with a scope before it is kept; a rule of a name that nobody knows would leave out nothing.
    static func check(_ scope: JSONValue) throws {
        _ = try AuditScope(scope)
        let names = [
            "compute": ["host_aggregates", "availability_zones", "exclude"],
            "storage": ["availability_zones", "volume_types", "exclude"], "baremetal": ["exclude"],
        ]
        for part in (scope.array ?? []).flatMap({ $0.object?.entries ?? [] }) {
            guard let known = names[part.key] else {
                throw ScopeProblem(unknown: part.key, known: names.keys.sorted())
            }
            for rule in (part.value.array ?? []).flatMap({ $0.object?.keys ?? [] }) where !known.contains(rule) {
                throw ScopeProblem(unknown: rule, known: known)
            }
        }
    }

    private struct ScopeProblem: Error, CustomStringConvertible {
        var unknown: String
        var known: [String]
        var description: String { "The scope has \(unknown.quoted); allowed: \(known.joined(separator: ", "))." }
    }

    /// - Parameter groups: the path of a file that tells what aggregates and zones are; nil for none.
    static func handler(groups path: String?) throws(Mistake) -> GivenGroups {
        guard let path else { return GivenGroups() }
        let input = try InputFile(reading: path)
        return try input.read { try GivenGroups(json: try JSONValue(parsing: input.text)) }
    }
}
