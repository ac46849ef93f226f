// SPDX-License-Identifier: Apache-2.0
import Foundation
import HypsometerKit

/// Appends a line a sample to the file that its URL names.
struct LinePublisher: Loadable, Publisher {
    struct NoPath: Error, CustomStringConvertible { var description: String }

    private let path: String
    private let prefix: String

    init(context: PluginContext) throws {
        guard context.location.hasPrefix("/") else {
            throw NoPath(description: "found \"\(context.location)\"; allowed: lines:///path/to/file")
        }
        path = context.location
        prefix = context.urlOptions["prefix"] ?? ""
    }

    func publish(_ samples: [Sample]) throws {
        if path.hasPrefix("/gone/") { throw PublisherGone("nobody reads \(path)") }
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        try file.seekToEnd()
        let text = samples.map { "\(prefix)\($0.name) \($0.volume) \($0.resourceID)\n" }.joined()
        try file.write(contentsOf: Data(text.utf8))
    }
}
