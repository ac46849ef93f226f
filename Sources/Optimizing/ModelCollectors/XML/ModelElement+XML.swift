// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import XMLTree

extension XMLElement {
    /// The root of a model's document.
    init(root xml: String) throws {
        self = try XMLElement(parsing: xml)
        guard name == "ModelRoot" else { throw ModelFormatError("a document of \(name); allowed: ModelRoot") }
    }
}

extension ModelFormatError {
    init(unexpected element: XMLElement, in parent: String) {
        self.init("an element \(element.name) inside \(parent), which has none of that name")
    }
}

extension ModelElement {
    /// Reads an element's attributes; those of unknown names are passed over.
    init(_ element: XMLElement, keyName: String) throws(ModelFormatError) {
        guard let key = element.attributes[keyName] else { throw ModelFormatError("\(Self.self) without \(keyName)") }
        self.init(key: key)
        for field in Self.fields where field.name != keyName {
            guard let text = element.attributes[field.name] else { continue }
            // What the other system writes for a value that it has not got.
            if text == "None", field.kind == .json || field.kind == .texts { continue }
            try field.write(field.kind.value(text), of: key, into: &self)
        }
    }
}

extension ElementField.Kind {
    /// The value that an attribute's text stands for; the text itself where it stands for none of this kind.
    fileprivate func value(_ text: String) -> JSONValue {
        switch self {
        case .text, .time: .string(text)
        case .nullableText: text == "None" ? .null : .string(text)
        case .integer: Int(text).map(JSONValue.integer) ?? .string(text)
        case .number: Double(text).map(JSONValue.real) ?? .string(text)
        case .boolean:
            switch text {
            case "True", "true", "1": .bool(true)
            case "False", "false", "0": .bool(false)
            default: .string(text)
            }
        case .json: PythonLiteral.value(text) ?? .string(text)
        case .texts: text.hasPrefix("[") ? PythonLiteral.value(text) ?? .string(text) : [.string(text)]
        }
    }
}
