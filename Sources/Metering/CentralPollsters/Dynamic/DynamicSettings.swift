// SPDX-License-Identifier: Apache-2.0
package import Settings

/// Where definitions of pollsters are.
package struct DynamicSettings: Sendable, Hashable {
    /// Where packages put the definitions that come with the program.
    package static let shippedDirectory = "/usr/share/hypsometer/pollsters.d"

    /// In the order in which they are read; all are there.
    package var directories: [String]

    /// - Parameter systemDirectory: where a relative one is looked for last.
    package init(
        _ configuration: Configuration, systemDirectory: String = ConfigurationFiles.systemDirectory
    ) throws(Mistakes) {
        let settings = [Self.directoriesSetting, Self.oldDirectoriesSetting]
        let set = settings.first { configuration.place(of: $0.section, $0.name) != nil }
        var mistakes = Mistakes()
        directories = []
        let names = mistakes.collect { () throws(Mistake) in
            try configuration.value(set ?? Self.directoriesSetting)
        }
        for name in names ?? [] {
            let folders = configuration.documents.reversed().map { String($0.path.folder) } + [systemDirectory]
            let candidates = name.hasPrefix("/") ? [name] : folders.map { "\($0)/\(name)" }
            if let path = candidates.first(where: TextFile.exists) {
                if !directories.contains(path) { directories.append(path) }
            } else if let set, let place = configuration.place(of: set.section, set.name) {
                mistakes.add(
                    Mistake(
                        place, "[\(set.section)] \(set.name)", found: "\(name.quoted), which isn't there",
                        allowed: "directories; looked for at \(candidates.joined(separator: ", ").shortened(to: 300))"))
            }
        }
        try mistakes.throwIfAny()
    }

    package static let all: [AnySetting] = [AnySetting(directoriesSetting), AnySetting(oldDirectoriesSetting)]

    private static let directoriesSetting = Setting(
        "pollsters_definitions_dirs", in: "polling", default: ["pollsters.d", shippedDirectory],
        help: "Directories whose *.yaml define pollsters, in the grammar of Ceilometer's dynamic pollsters; what an "
            + "earlier one defines wins. A relative path is looked for beside the configuration files, then in "
            + "/etc/hypsometer. Of the default, one that isn't there is passed over.")

    private static let oldDirectoriesSetting = Setting(
        "pollsters_definitions_dirs", in: "DEFAULT", default: [],
        help: "The same, where Ceilometer reads it.")
}

extension String {
    /// Of a path; `.` where it has none.
    fileprivate var folder: Substring {
        lastIndex(of: "/").map { $0 == startIndex ? "/" : self[..<$0] } ?? "."
    }
}
