// SPDX-License-Identifier: Apache-2.0
internal import HypsometerKit
package import Settings

/// `NAME.entry_points`: what a plug-in offers, and the program behind it.
package struct PluginManifest: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var namespace: String
        package var name: String
        package var line: Int

        /// Where its options are: `[{namespace}.{name}]`.
        package var section: String { "\(namespace).\(name)" }
    }

    static let ending = ".entry_points"

    /// The file's name without its ending.
    package var name: String
    package var path: String
    package var version: String
    /// The program's path, beside the manifest.
    package var executable: String
    package var entries: [Entry]

    package init(path: String, text: String) throws(Mistakes) {
        let document = try INIDocument(path: path, text: text)
        var mistakes = Mistakes()
        self.path = path
        let file = path.split(separator: "/").last.map(String.init) ?? path
        name = file.hasSuffix(Self.ending) ? String(file.dropLast(Self.ending.count)) : file
        let namespaces = Set(PluginNamespaces.all)
        for (section, line) in document.sections.sorted(by: { $0.value < $1.value })
        where section != "plugin" && !namespaces.contains(section) {
            mistakes.add(
                Mistake(
                    .init(path, line: line), "", unknown: "[\(section)]",
                    among: (namespaces.union(["plugin"])).map { "[\($0)]" }))
        }
        for entry in document.entries where entry.section == "plugin" {
            if !["version", "protocol", "exec"].contains(entry.key) {
                mistakes.add(
                    Mistake(
                        .init(path, line: entry.line), "[plugin]", unknown: entry.key,
                        among: ["version", "protocol", "exec"]))
            }
        }
        version = mistakes.collect { () throws(Mistake) in try document.text("version") } ?? ""
        let number = mistakes.collect { () throws(Mistake) in try document.text("protocol") }
        if let number, number != "\(PluginProtocol.version)" {
            mistakes.add(
                Mistake(
                    document.place(of: "protocol"), "[plugin] protocol", found: number.quoted,
                    allowed: "\(PluginProtocol.version), the version of the protocol that this host speaks"))
        }
        let program = mistakes.collect { () throws(Mistake) in try document.text("exec") } ?? ""
        if program.contains("/") || program.hasPrefix(".") {
            mistakes.add(
                Mistake(
                    document.place(of: "exec"), "[plugin] exec", found: program.quoted,
                    allowed: "the name of a file beside the manifest"))
        }
        executable = (path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./") + program
        entries = []
        for entry in document.entries where namespaces.contains(entry.section) {
            if entries.contains(where: { $0.namespace == entry.section && $0.name == entry.key }) {
                mistakes.add(
                    Mistake(
                        .init(path, line: entry.line), "[\(entry.section)]", found: "a second \(entry.key.quoted)",
                        allowed: "each name once"))
            }
            entries.append(Entry(namespace: entry.section, name: entry.key, line: entry.line))
        }
        if mistakes.isEmpty, entries.isEmpty {
            mistakes.add(
                Mistake(
                    .init(path), "", found: "no entry point",
                    allowed: "a section such as "
                        + "[ceilometer.poll.compute] with lines as dummy = DummyPollster"))
        }
        try mistakes.throwIfAny()
    }

    package init(reading path: String) throws(Mistakes) {
        let text: String
        do throws(Mistake) { text = try TextFile.read(path) } catch { throw Mistakes([error]) }
        try self.init(path: path, text: text)
    }
}

extension INIDocument {
    fileprivate func text(_ key: String) throws(Mistake) -> String {
        guard let entry = entry("plugin", key), !entry.value.isEmpty else {
            throw Mistake(
                place(of: key), "[plugin]", found: "no \(key)", allowed: "version, protocol and exec, each with a value"
            )
        }
        return entry.value
    }

    fileprivate func place(of key: String) -> Mistake.Place {
        .init(path, line: entry("plugin", key)?.line ?? sections["plugin"])
    }
}
