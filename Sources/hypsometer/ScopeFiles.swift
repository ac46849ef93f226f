// SPDX-License-Identifier: Apache-2.0
import Audits
import ClusterModel
import ModelCollectors
import Settings

/// What narrows models from files.
enum ScopeFiles {
    /// - Parameter groups: the path of a file that tells what aggregates and zones are; nil for none.
    static func handler(groups path: String?) throws(Mistake) -> GivenGroups {
        guard let path else { return GivenGroups() }
        let input = try InputFile(reading: path)
        return try input.read { try GivenGroups(json: try JSONValue(parsing: input.text)) }
    }
}
