// SPDX-License-Identifier: Apache-2.0

/// `$name`, `${name}` and `$section.name` in a value stand for another option's value, `$$` and `\$` for a dollar sign,
/// as in oslo.config; any other dollar sign is one. An option is looked for in the section that names it, then in
/// `[DEFAULT]`. Unlike there, it has to be set: what other programs have for a default is not known here.
extension Configuration {
    /// A reference that leads nowhere.
    struct LostReference: Error {
        var name: String
        var isCircle: Bool
    }

    func resolved(_ text: String, in section: String, from path: [String] = []) throws(LostReference) -> String {
        guard text.contains("$") else { return text }
        var result = ""
        var rest = text.replacing("\\$", with: "$$")[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...].dropFirst()
            if rest.first == "$" {
                result += "$"
                rest = rest.dropFirst()
            } else if let (name, end) = Self.name(at: rest) {
                result += try value(of: name, in: section, from: path)
                rest = rest[end...]
            } else {
                result += "$"
            }
        }
        return result + rest
    }

    private func value(of name: String, in section: String, from path: [String]) throws(LostReference) -> String {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        let places = (parts.count == 2 ? [(parts[0], parts[1])] : [(section, name)]) + [("DEFAULT", name)]
        for (section, name) in places {
            guard let found = written(section, name) else { continue }
            let step = "[\(section)] \(name)"
            if path.contains(step) { throw LostReference(name: name, isCircle: true) }
            return try resolved(found.value, in: section, from: path + [step])
        }
        throw LostReference(name: name, isCircle: false)
    }

    /// A name at the beginning of a text, with or without braces around it, and what follows it.
    private static func name(at text: Substring) -> (String, String.Index)? {
        let isBraced = text.first == "{"
        let body = isBraced ? text.dropFirst() : text
        let name = body.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
        guard let first = name.first, first.isLetter || first == "_" else { return nil }
        if !isBraced { return (String(name), name.endIndex) }
        guard name.endIndex < body.endIndex, body[name.endIndex] == "}" else { return nil }
        return (String(name), body.index(after: name.endIndex))
    }
}
