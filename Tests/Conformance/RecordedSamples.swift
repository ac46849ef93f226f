// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Samples that a real Ceilometer agent sent, recorded beside the project. Where they are absent the tests that
/// compare with them say so and are skipped.
enum RecordedSamples {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/cases/ceilometer")

    static var areThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    /// The messages of one meter in a file of JSON lines, by resource.
    static func messages(_ file: String, meter: String) throws -> [String: NSDictionary] {
        var messages: [String: NSDictionary] = [:]
        for line in try text(file).split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            guard let message = object as? NSDictionary, message["counter_name"] as? String == meter,
                let resource = message["resource_id"] as? String
            else { continue }
            messages[resource] = message
        }
        return messages
    }
}
