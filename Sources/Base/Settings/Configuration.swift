// SPDX-License-Identifier: Apache-2.0

/// What an operator set, from all places together: defaults < files in their order < environment < command line.
///
/// Why not a configuration library: an error line here names file and line of the value in force, and unknown keys
/// are found; the libraries at hand give a value without its place, and this lookup is all that would be left of one.
package struct Configuration: Sendable {
    struct Found {
        var value: String
        var place: Mistake.Place
        /// As it was written: what it stands for may be a secret of another setting's.
        let written: String

        init(value: String, place: Mistake.Place) {
            self.value = value
            self.place = place
            written = value
        }
    }

    /// Later ones win.
    package let documents: [INIDocument]
    private let environment: [String: String]
    /// By section and name; wins over all.
    private let overrides: [String: [String: String]]

    package init(documents: [INIDocument], environment: [String: String], overrides: [String: [String: String]] = [:]) {
        self.documents = documents
        self.environment = environment
        self.overrides = overrides
    }

    /// The value in force, checked.
    package func value<Value>(_ setting: Setting<Value>) throws(Mistake) -> Value {
        guard let found = try found(AnySetting(setting)) else { return setting.defaultValue }
        guard let value = setting.parse(found.value) else {
            throw Self.mistake(AnySetting(setting), found)
        }
        return value
    }

    /// Where a setting was set; nil where its default holds.
    package func place(of section: String, _ name: String) -> Mistake.Place? { written(section, name)?.place }

    /// The text in force; nil where the default holds.
    package func text(of setting: AnySetting) -> (value: String, place: Mistake.Place)? {
        let found = (try? found(setting)) ?? written(setting.section, setting.name)
        return found.map { ($0.value, $0.place) }
    }

    /// All that the files set in a section: for who declares no settings, as plug-ins. A reference that leads nowhere
    /// stays as it was written.
    package func texts(in section: String) -> [String: String] {
        var texts: [String: String] = [:]
        for document in documents {
            for entry in document.entries where entry.section == section {
                texts[entry.key] = (try? resolved(entry.value, in: section)) ?? entry.value
            }
        }
        return texts
    }

    /// What the files set otherwise than they did before, as `[section] name`, in order.
    package func changes(since before: Configuration) -> [String] {
        let sections = Set((documents + before.documents).flatMap { $0.entries.map(\.section) })
        return sections.sorted().flatMap { section in
            let (new, old) = (texts(in: section), before.texts(in: section))
            return Set(new.keys).union(old.keys).filter { new[$0] != old[$0] }.sorted().map { "[\(section)] \($0)" }
        }
    }

    /// Everything that is wrong with what was set: values that `settings` don't take, and names nobody knows.
    package func mistakes(against settings: [AnySetting], foreign: ForeignOptions) -> Mistakes {
        var mistakes = Mistakes()
        for setting in settings {
            mistakes.collect { () throws(Mistake) in
                if let found = try found(setting), !setting.accepts(found.value) {
                    throw Self.mistake(setting, found)
                }
            }
        }
        let known = Dictionary(grouping: settings, by: \.section).mapValues { Set($0.map(\.name)) }
        let sections = Set(known.keys).union(foreign.sections)
        let heads = sections.map { "[\($0)]" }
        for document in documents {
            // A section once, not each key in it: one word is misspelt.
            for (section, line) in document.sections.sorted(by: { $0.value < $1.value }) where !mistakes.areMany {
                if sections.contains(section) || foreign.isWhole(section) { continue }
                mistakes.add(
                    Mistake(
                        .init(document.path, line: line), "", unknown: "[\(section)]", among: heads,
                        seenWith: "--print-config"))
            }
            for entry in document.entries where sections.contains(entry.section) && !mistakes.areMany {
                if known[entry.section]?.contains(entry.key) == true { continue }
                if foreign.knows(entry.section, entry.key) { continue }
                mistakes.add(
                    Mistake(
                        .init(document.path, line: entry.line), "[\(entry.section)]", unknown: entry.key,
                        among: (known[entry.section] ?? []).union(foreign.names(in: entry.section)),
                        seenWith: "--print-config"))
            }
        }
        return mistakes
    }

    /// Options of the older systems that were set here and have no effect, with their places.
    package func withoutEffect(
        _ foreign: ForeignOptions, besides settings: [AnySetting]
    ) -> [(name: String, place: Mistake.Place)] {
        let known = Set(settings.map { "[\($0.section)] \($0.name)" })
        return documents.flatMap { document in
            document.entries.compactMap { entry in
                let name = "[\(entry.section)] \(entry.key)"
                guard !known.contains(name), foreign.knows(entry.section, entry.key) else { return nil }
                return (name, Mistake.Place(document.path, line: entry.line))
            }
        }
    }

    /// The value in force, with what its references stand for.
    private func found(_ setting: AnySetting) throws(Mistake) -> Found? {
        guard var found = written(setting.section, setting.name) else { return nil }
        if overrides[setting.section]?[setting.name] != nil { return found }  // no file's text
        do throws(LostReference) {
            found.value = try resolved(
                found.value, in: setting.section, from: ["[\(setting.section)] \(setting.name)"])
        } catch {
            throw Self.mistake(setting, found, error)
        }
        return found
    }

    /// The value in force, as it was written.
    func written(_ section: String, _ name: String) -> Found? {
        if let value = overrides[section]?[name] { return Found(value: value, place: .init("command line")) }
        // As oslo.config spells it.
        let variable = "OS_\(section.uppercased())__\(name.uppercased())"
        if let value = environment[variable] {
            return Found(value: value, place: .init("environment variable \(variable)"))
        }
        for document in documents.reversed() {
            if let entry = document.entry(section, name) {
                return Found(value: entry.value, place: .init(document.path, line: entry.line))
            }
        }
        return nil
    }

    private static func mistake(_ setting: AnySetting, _ found: Found, _ lost: LostReference) -> Mistake {
        let what = lost.isCircle ? "leads back to itself" : "names no option that is set"
        return Mistake(
            found.place, "[\(setting.section)] \(setting.name)",
            // Part of a password may look like a name.
            found: setting.isSecret ? "a $ that \(what)" : "$\(lost.name), which \(what)",
            allowed: "$NAME or $SECTION.NAME of an option that is set; $$ for a dollar sign")
    }

    private static func mistake(_ setting: AnySetting, _ found: Found) -> Mistake {
        let standard = setting.defaultText.isEmpty ? "empty" : setting.defaultText
        return Mistake(
            found.place, "[\(setting.section)] \(setting.name)",
            found: setting.isSecret ? "a value that is not shown" : found.written.withoutPassword.quoted,
            allowed: "\(setting.allowed); the default is \(standard)")
    }
}
