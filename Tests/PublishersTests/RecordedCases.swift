// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import Wire

/// What a real Ceilometer agent sent and exposed, recorded beside the project; skipped where it is absent.
enum RecordedCases {
    static let folder = URL(filePath: #filePath).appending(path: "../../../../shared/cases/ceilometer").standardized
    static let absence = "the recorded cases are not beside the project"

    static var areThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    static func lines(_ name: String) throws -> [String] {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// Of a file of JSON lines, in their order.
    static func samples(_ name: String) throws -> [Sample] {
        try lines(name).map { try Sample(WireValue(json: Array($0.utf8), within: WireLimits(bytes: 1 << 20))) }
    }
}
