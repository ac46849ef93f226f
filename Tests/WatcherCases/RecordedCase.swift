// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Foundation

/// A run of the real Watcher, recorded as JSON: what went in and what came out.
struct RecordedCase: Sendable {
    var name: String
    var json: JSONValue

    var kind: String { json["kind"]?.string ?? "" }
    var expected: JSONValue { json["expected"] ?? [:] }

    /// The class of error that was to come; nil for a case that went well.
    var errorClass: String? { expected["error"]?["class"]?.string }

    func text(_ key: String) throws -> String {
        guard let text = json[key]?.string else { throw Failure("the case has no \(key)") }
        return text
    }

    /// Where the cases are: `HYPSOMETER_CASES`, or the folder beside the project.
    static let folder =
        ProcessInfo.processInfo.environment["HYPSOMETER_CASES"].map { URL(filePath: $0) }
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/cases/watcher")

    static var areThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    /// All of one kind, by name.
    static func all(_ kind: String) throws -> [RecordedCase] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { file in
                let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
                return RecordedCase(
                    name: file.deletingPathExtension().lastPathComponent, json: try JSONValue(parsing: text))
            }
            .filter { $0.kind == kind }
    }
}

/// Why a case does not hold.
struct Failure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }

    /// Throws where two values differ; numbers are compared by value, as 1 and 1.0 are one in Python.
    static func unless(_ found: JSONValue, is expected: JSONValue?, _ what: String) throws {
        let expected = expected ?? .null
        guard !found.means(expected) else { return }
        throw Failure("\(what): found \(found.json.prefix(1500)), expected \(expected.json.prefix(1500))")
    }

    /// As ``unless(_:is:_:)``, with the first line that differs.
    static func unless(_ found: String, is expected: String?, _ what: String) throws {
        let expected = expected ?? ""
        guard found != expected else { return }
        let lines = zip(
            found.split(separator: "\n", omittingEmptySubsequences: false),
            expected.split(separator: "\n", omittingEmptySubsequences: false))
        let first = lines.first { $0 != $1 }.map { "\nfound    \($0)\nexpected \($1)" } ?? ""
        throw Failure("\(what) differs: \(found.utf8.count) bytes for \(expected.utf8.count)\(first)")
    }
}

extension JSONValue {
    fileprivate func means(_ other: JSONValue) -> Bool {
        switch (self, other) {
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.means($1) }
        case (.object(let left), .object(let right)):
            left.entries.count == right.entries.count
                && left.entries.allSatisfy { right[$0.key].map($0.value.means) ?? false }
        default: self == other || (number != nil && number == other.number)
        }
    }
}
