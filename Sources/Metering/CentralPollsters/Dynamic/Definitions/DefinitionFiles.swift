// SPDX-License-Identifier: Apache-2.0
internal import Settings

/// The definitions of some directories' `*.yaml`, in the order of the directories and of the files' names.
enum DefinitionFiles {
    /// - Returns: the definitions, and what an operator should know. One in an earlier directory stands for those of
    ///   its name in later ones, so that what came with the program can be replaced.
    static func read(
        _ directories: [String], namespaces: [String]
    ) throws(Mistakes) -> (definitions: [DynamicDefinition], remarks: [String]) {
        var mistakes = Mistakes()
        var definitions: [DynamicDefinition] = []
        var remarks: [String] = []
        for directory in directories {
            let files = mistakes.collect { () throws(Mistake) in try TextFile.list(directory, ending: ".yaml") } ?? []
            var own: [DynamicDefinition] = []
            for file in files {
                own += mistakes.collectAll { () throws(Mistakes) in try self.definitions(file, namespaces) } ?? []
            }
            for (index, definition) in own.enumerated() {
                if let twin = own[..<index].first(where: { $0.name == definition.name }) {
                    mistakes.add(
                        Mistake(
                            definition.place, "", found: "a second pollster \(definition.name.quoted)",
                            allowed: "each name once; the first is at \(twin.place.file):\(twin.place.line ?? 0)"))
                } else if let earlier = definitions.first(where: { $0.name == definition.name }) {
                    remarks.append(
                        "\(definition.place.file):\(definition.place.line ?? 0): \(definition.name.shortened()) is "
                            + "defined by \(earlier.place.file):\(earlier.place.line ?? 0)")
                } else {
                    definitions.append(definition)
                }
            }
        }
        try mistakes.throwIfAny()
        return (definitions, remarks)
    }

    private static func definitions(_ file: String, _ namespaces: [String]) throws(Mistakes) -> [DynamicDefinition] {
        var mistakes = Mistakes()
        let items = mistakes.collect { () throws(Mistake) in
            try YAMLValue(file: file, text: try TextFile.read(file)).list(of: "pollsters")
        }
        let definitions = (items ?? []).compactMap { item in
            mistakes.collectAll { () throws(Mistakes) in try DynamicDefinition(item, namespaces: namespaces) }
        }
        try mistakes.throwIfAny()
        return definitions
    }
}
