// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The text of a file in `conf`, of the tree that this was built from.
func shipped(_ path: String) -> String {
    let tree = URL(filePath: #filePath).appending(path: "../../../..").standardized
    guard let text = try? String(contentsOf: tree.appending(path: "conf/\(path)"), encoding: .utf8) else {
        fatalError("conf/\(path) is not in \(tree.path())")
    }
    return text
}
