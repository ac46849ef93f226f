// SPDX-License-Identifier: Apache-2.0

/// One step of an extension's tables from one version to the next. Steps are taken in the order in which they are
/// listed, each in a transaction of its own; one that was taken must not be changed any more.
public struct ExtensionMigration: Sendable, Hashable {
    /// Of letters, digits, `_`, `-` and `.`; at most 64; each once.
    public var id: String
    /// SQL statements of SQLite's. All that they make or change bears the extension's ``FleetExtension/tablePrefix``, and
    /// nothing refers to tables that don't.
    public var up: [String]
    /// What takes it back; none where that can't be done.
    public var down: [String]

    public init(_ id: String, up: [String], down: [String] = []) {
        self.id = id
        self.up = up
        self.down = down
    }
}
