// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
package import Optimization
package import Settings

extension Parameter {
    /// The option as it stands in a configuration file.
    package func setting(in section: String) -> Setting<String> {
        let kind = kind
        return Setting(
            name, in: section, default: kind.text(of: fallback ?? .null), help: help, allowed: kind.allowedText
        ) { kind.value(of: $0) != nil }
    }
}

extension Parameter.Kind {
    /// What a text stands for; nil where it is none of what is allowed.
    fileprivate func value(of text: String) -> JSONValue? {
        switch self {
        case .boolean:
            ["true", "yes", "on", "1"].contains(text.lowercased())
                ? true : (["false", "no", "off", "0"].contains(text.lowercased()) ? false : nil)
        case .integer: Int(text).map(JSONValue.integer)
        case .number: Double(text).map(JSONValue.real)
        case .text: .string(text)
        case .nullable(let kind): text.isEmpty ? .null : kind.value(of: text)
        case .list(let kind):
            text.split(separator: ",").map { kind.value(of: String($0.trimmed)) }.allPresent().map(JSONValue.array)
        case .object:
            text.split(separator: ",").map { pair -> (String, JSONValue)? in
                let parts = pair.split(separator: ":", maxSplits: 1).map { String($0.trimmed) }
                guard parts.count == 2, let number = Int(parts[1]) else { return nil }
                return (parts[0], .integer(number))
            }.allPresent().map { .object(JSONObject($0)) }
        }
    }

    /// The other way round.
    fileprivate func text(of value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        case .array(let values): values.map(text).joined(separator: ",")
        case .object(let object): object.entries.map { "\($0.key):\($0.value.json)" }.joined(separator: ",")
        default: value.json
        }
    }

    fileprivate var allowedText: String {
        switch self {
        case .boolean: "true or false (also yes, no, on, off, 1, 0)"
        case .integer: "a whole number"
        case .number: "a number"
        case .text: "text"
        case .nullable(let kind): "\(kind.allowedText), or nothing"
        case .list: "words with commas between them"
        case .object: "pairs TYPE:NUMBER with commas between them"
        }
    }
}

extension [Parameter] {
    /// What the configuration says of them. An object's names that it leaves out keep their defaults.
    func values(
        in section: String, of configuration: Configuration, _ mistakes: inout Mistakes
    ) -> JSONObject {
        var values = JSONObject()
        for parameter in self where configuration.place(of: section, parameter.name) != nil {
            let text = mistakes.collect { () throws(Mistake) in
                try configuration.value(parameter.setting(in: section))
            }
            guard let text, let value = parameter.kind.value(of: text) else { continue }
            guard case .object(let given) = value, case .object(var whole)? = parameter.fallback else {
                values[parameter.name] = value
                continue
            }
            for entry in given.entries { whole[entry.key] = entry.value }
            values[parameter.name] = .object(whole)
        }
        return values
    }
}

extension Array {
    /// All of it, where nothing is nil.
    fileprivate func allPresent<Value>() -> [Value]? where Element == Value? {
        let present = compactMap { $0 }
        return present.count == count ? present : nil
    }
}
