// SPDX-License-Identifier: Apache-2.0

/// Names of options that files of an older system may hold and that have no effect here. They are known, so that
/// such a file can be used as it is and a misspelt name still stands out.
package struct ForeignOptions: Sendable {
    private let options: [String: Set<String>]
    /// Sections that are taken whole: those of libraries that we don't use.
    private let wholeSections: Set<String>
    /// As those, all whose names begin so.
    private let wholePrefixes: [String]

    package init(
        _ options: [String: Set<String>], wholeSections: Set<String>, wholePrefixes: [String] = []
    ) {
        self.options = options
        self.wholeSections = wholeSections
        self.wholePrefixes = wholePrefixes
    }

    package func knows(_ section: String, _ name: String) -> Bool {
        isWhole(section) || options[section]?.contains(name) == true
    }

    func isWhole(_ section: String) -> Bool {
        wholeSections.contains(section) || wholePrefixes.contains { section.hasPrefix($0) }
    }

    func names(in section: String) -> Set<String> { options[section] ?? [] }

    var sections: Set<String> { wholeSections.union(options.keys) }
}
