// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import ModelCollectors
import Settings

/// What narrows models from files.
enum ScopeFiles {
    /// - Parameter groups: the path of a file that tells what aggregates and zones are; nil for none.
    static func handler(groups path: String?) throws(Mistake) -> GivenGroups {
        guard let path else { return GivenGroups() }
        let text = try TextFile.read(path)
        do {
            return try GivenGroups(json: try JSONValue(parsing: text))
        } catch let error as JSONError {
            throw Mistake(.init(path, line: error.line), "", found: error.message, allowed: "JSON")
        } catch {
            throw Mistake(.init(path), "", found: "\(error)", allowed: "")
        }
    }
}
