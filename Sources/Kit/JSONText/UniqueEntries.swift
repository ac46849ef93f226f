// SPDX-License-Identifier: Apache-2.0

/// Entries of an object that is being read.
package struct UniqueEntries {
    package private(set) var entries: [WireValue.Entry] = []
    /// Only of many: a few are sooner looked through.
    private var keys: Set<String> = []

    package init() {}

    /// - Returns: false where the key is there already.
    package mutating func add(_ key: String, _ value: WireValue) -> Bool {
        if entries.count == 16 { keys = Set(entries.map(\.key)) }
        let isThere = entries.count < 16 ? entries.contains { $0.key == key } : !keys.insert(key).inserted
        if !isThere { entries.append(.init(key, value)) }
        return !isThere
    }
}
