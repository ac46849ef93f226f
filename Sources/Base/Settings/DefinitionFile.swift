// SPDX-License-Identifier: Apache-2.0

/// A file or directory that a setting names: an absolute path, or one that is looked for beside the configuration files
/// and then in the system's directory.
package enum DefinitionFile {
    /// - Returns: nil where the operator named none and there is none.
    /// - Throws: where what the operator named isn't there.
    package static func path(
        named name: String, by setting: AnySetting, _ configuration: Configuration,
        systemDirectory: String = ConfigurationFiles.systemDirectory
    ) throws(Mistake) -> String? {
        let directories = configuration.documents.reversed().map { directory(of: $0.path) } + [systemDirectory]
        let candidates = name.hasPrefix("/") ? [name] : directories.map { "\($0)/\(name)" }
        if let path = candidates.first(where: TextFile.exists) { return path }
        guard let place = configuration.place(of: setting.section, setting.name) else { return nil }
        throw Mistake(
            place, "[\(setting.section)] \(setting.name)", found: "\(name.quoted), which isn't there",
            allowed: "what is; looked for at \(candidates.joined(separator: ", ").shortened(to: 300))")
    }

    /// `.` where a path has none.
    private static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }
}
