// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Samples that a real Ceilometer agent sent, recorded beside the project. Where they are absent the tests that
/// compare with them say so and are skipped.
enum RecordedSamples {
    struct Key: Hashable {
        var meter: String
        var resource: String
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/cases/ceilometer")

    static var areThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    /// The first message of each meter and resource in a file of JSON lines.
    static func messages(_ file: String) throws -> [Key: NSDictionary] {
        var messages: [Key: NSDictionary] = [:]
        for line in try text(file).split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            guard let message = object as? NSDictionary, let meter = message["counter_name"] as? String,
                let resource = message["resource_id"] as? String
            else { continue }
            let key = Key(meter: meter, resource: resource)
            if messages[key] == nil { messages[key] = message }
        }
        return messages
    }
}
