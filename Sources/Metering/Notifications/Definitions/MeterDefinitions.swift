// SPDX-License-Identifier: Apache-2.0
package import Settings
internal import Synchronization

/// All meters that files of `meters.d` define, in the order they are asked. Of two of one name the first loaded holds:
/// directories in their order, files by name, and of a file the last.
package final class MeterDefinitions: Sendable {
    /// Event types are remembered up to this many: services have some hundreds.
    private static let mostRemembered = 10_000

    let all: [MeterDefinition]
    let usesOldContext: Bool
    /// What an operator should know, a line each.
    package let remarks: [String]
    private let indices = Mutex<[String: [Int]]>([:])

    package convenience init(directories: [String]) throws(Mistakes) {
        var mistakes = Mistakes()
        var files: [String] = []
        for directory in directories {
            files += mistakes.collect { () throws(Mistake) in try TextFile.list(directory, ending: ".yaml") } ?? []
        }
        var texts: [(file: String, text: String)] = []
        for file in files {
            if let text = mistakes.collect({ () throws(Mistake) in try TextFile.read(file) }) {
                texts.append((file, text))
            }
        }
        try mistakes.throwIfAny()
        try self.init(files: texts)
    }

    package init(files: [(file: String, text: String)]) throws(Mistakes) {
        var mistakes = Mistakes()
        var all: [MeterDefinition] = []
        var places: [String: MeterDefinition] = [:]
        var remarks: [String] = []
        for (file, text) in files {
            for definition in Self.definitions(file, text, &mistakes).reversed() {
                if let first = places[definition.name.text] {
                    remarks.append(
                        "\(definition.place.file):\(definition.place.line ?? 0): meter \(definition.name.text.quoted) "
                            + "has no effect, as \(first.place.file):\(first.place.line ?? 0) defines it too")
                    continue
                }
                places[definition.name.text] = definition
                all.append(definition)
            }
        }
        try mistakes.throwIfAny()
        self.all = all
        self.remarks = remarks
        usesOldContext = all.contains(where: \.usesOldContext)
    }

    private static func definitions(
        _ file: String, _ text: String, _ mistakes: inout Mistakes
    ) -> [MeterDefinition] {
        guard let root = mistakes.collect({ () throws(Mistake) in try YAMLValue(file: file, text: text) }) else {
            return []
        }
        let fields = root.fields(of: "file of meters", required: ["metric"], noting: &mistakes)
        guard let list = fields["metric"], !list.isNothing else { return [] }
        let items = mistakes.collect { () throws(Mistake) in try list.list(of: "meter definitions") } ?? []
        return items.compactMap { item in
            mistakes.collectAll { () throws(Mistakes) in try MeterDefinition(item) }
        }
    }

    /// Those that are about an event type.
    func definitions(for eventType: String) -> [MeterDefinition] {
        if let known = indices.withLock({ $0[eventType] }) { return known.map { all[$0] } }
        let found = all.indices.filter { all[$0].matches(eventType) }
        indices.withLock { indices in
            if indices.count >= Self.mostRemembered { indices = [:] }
            indices[eventType] = found
        }
        return found.map { all[$0] }
    }

    package var count: Int { all.count }
}
