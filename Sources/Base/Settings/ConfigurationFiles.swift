// SPDX-License-Identifier: Apache-2.0

/// Which configuration files a program reads: those named, then those of directories named; without any, the system's.
package struct ConfigurationFiles: Sendable, Hashable {
    /// The system's directory, where nobody says otherwise.
    package static let systemDirectory = "/etc/hypsometer"

    private let files: [String]
    private let directories: [String]
    private let systemDirectory: String

    package init(
        files: [String], directories: [String], systemDirectory: String = ConfigurationFiles.systemDirectory
    ) {
        self.files = files
        self.directories = directories
        self.systemDirectory = systemDirectory
    }

    /// In the order in which later ones win.
    package func documents() throws(Mistakes) -> [INIDocument] {
        var mistakes = Mistakes()
        let documents = paths(&mistakes).compactMap { path in
            mistakes.collect { () throws(Mistake) in try TextFile.read(path) }.flatMap { text in
                mistakes.collectAll { () throws(Mistakes) in try INIDocument(path: path, text: text) }
            }
        }
        try mistakes.throwIfAny()
        return documents
    }

    private func paths(_ mistakes: inout Mistakes) -> [String] {
        var files = files
        var directories = directories
        if files.isEmpty, directories.isEmpty {
            let main = "\(systemDirectory)/hypsometer.conf"
            files = TextFile.exists(main) ? [main] : []
            directories = TextFile.exists(main + ".d") ? [main + ".d"] : []
        }
        for directory in directories {
            files += mistakes.collect { () throws(Mistake) in try TextFile.list(directory, ending: ".conf") } ?? []
        }
        return files
    }
}
