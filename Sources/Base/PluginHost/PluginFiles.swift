// SPDX-License-Identifier: Apache-2.0
internal import Glibc
package import Settings

/// The plug-ins that are installed: what the directories hold, and what is wrong with it.
package struct PluginFiles: Sendable {
    /// Where the system's packages put them.
    package static let systemDirectory = "/usr/lib/hypsometer/plugins"

    package var manifests: [PluginManifest] = []
    /// Of plug-ins that are left out for it.
    package var mistakes = Mistakes()

    /// - Parameters:
    ///   - directories: that must be there. The system's is looked at too, if it is.
    /// - Throws: where a directory can't be read: it was the operator who named it.
    package init(
        in directories: [String], systemDirectory: String = PluginFiles.systemDirectory
    ) throws(Mistakes) {
        var unreadable = Mistakes()
        var seen: Set<String> = []
        let system = TextFile.exists(systemDirectory) ? [systemDirectory] : []
        for directory in system + directories where seen.insert(directory).inserted {
            let paths = unreadable.collect { () throws(Mistake) in
                try TextFile.list(directory, ending: PluginManifest.ending)
            }
            for path in paths ?? [] {
                let manifest = mistakes.collectAll { () throws(Mistakes) in try PluginManifest(reading: path) }
                guard let manifest else { continue }
                let isSafe: Void? = mistakes.collect { () throws(Mistake) in try Self.check(manifest, in: directory) }
                if isSafe != nil { manifests.append(manifest) }
            }
        }
        try unreadable.throwIfAny()
    }

    /// That the program is there; and, for root, that not everybody may put another in its place.
    package static func check(_ manifest: PluginManifest, in directory: String) throws(Mistake) {
        let program = (manifest.executable.split(separator: "/").last.map(String.init) ?? "").quoted
        var status = stat()
        guard stat(manifest.executable, &status) == 0 else {
            throw Mistake(
                .init(manifest.path), "[plugin] exec",
                found: "\(program): \(String(cString: strerror(errno)))",
                allowed: "a program beside the manifest")
        }
        guard status.st_mode & S_IFMT == S_IFREG, access(manifest.executable, X_OK) == 0 else {
            throw Mistake(
                .init(manifest.path), "[plugin] exec", found: "\(program), which can't be executed",
                allowed: "a program that this user may execute")
        }
        guard geteuid() == 0 else { return }
        for path in [directory, manifest.path, manifest.executable]
        where stat(path, &status) == 0 && status.st_mode & S_IWOTH != 0 {
            throw Mistake(
                .init(manifest.path), "", found: "\(path.shortened(to: 200)), which everybody may write to",
                allowed: "a plug-in that root runs must be writable for its owner alone (chmod o-w)")
        }
    }

    /// Takes out the plug-ins that claim one name in one namespace: none of them can be told to be the right one.
    package mutating func dropConflicts() {
        var claims: [String: [(PluginManifest, PluginManifest.Entry)]] = [:]
        for manifest in manifests {
            for entry in manifest.entries {
                claims["[\(entry.namespace)] \(entry.name)", default: []].append((manifest, entry))
            }
        }
        var dropped: Set<String> = []
        for (name, claimants) in claims.sorted(by: { $0.key < $1.key }) where claimants.count > 1 {
            let (manifest, entry) = claimants[0]
            let others = claimants.dropFirst().map { "\($0.0.path):\($0.1.line)" }.joined(separator: ", ")
            mistakes.add(
                Mistake(
                    .init(manifest.path, line: entry.line), name, found: "the same name in \(others)",
                    allowed: "each name once in a namespace; none of these plug-ins is loaded"))
            dropped.formUnion(claimants.map { $0.0.path })
        }
        // Two plug-ins of one name could not be told apart in the log.
        for (name, ofOneName) in Dictionary(grouping: manifests, by: \.name).sorted(by: { $0.key < $1.key })
        where ofOneName.count > 1 && !ofOneName.allSatisfy({ dropped.contains($0.path) }) {
            mistakes.add(
                Mistake(
                    .init(ofOneName[0].path), "", found: "a second plug-in \(name.quoted), \(ofOneName[1].path)",
                    allowed: "each name once; none of these plug-ins is loaded"))
            dropped.formUnion(ofOneName.map(\.path))
        }
        manifests.removeAll { dropped.contains($0.path) }
    }

    /// Takes out the plug-ins that claim a name that comes with us.
    ///
    /// - Parameter names: by namespace.
    package mutating func dropBuiltIn(_ names: [String: Set<String>]) {
        manifests.removeAll { manifest in
            let claim = manifest.entries.first { names[$0.namespace]?.contains($0.name) == true }
            guard let claim else { return false }
            mistakes.add(
                Mistake(
                    .init(manifest.path, line: claim.line), "[\(claim.namespace)]",
                    found: "\(claim.name.quoted), which comes with Hypsometer", allowed: "another name"))
            return true
        }
    }
}
