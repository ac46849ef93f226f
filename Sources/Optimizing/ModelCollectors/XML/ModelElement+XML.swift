// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import XMLTree

enum ModelXML {
    /// Visits the elements inside a document's root.
    ///
    /// - Parameter visit: is given an element's name, the names of those around it but for the root, and its attributes.
    static func elements(
        of xml: String, _ visit: (_ name: String, _ path: [String], _ attributes: [XMLWalk.Attribute]) throws -> Void
    ) throws {
        var path: [String] = []
        try XMLWalk.elements(of: xml) { name, depth, attributes in
            guard depth > 0 else {
                guard name == "ModelRoot" else { throw ModelFormatError("a document of \(name); allowed: ModelRoot") }
                return
            }
            path.removeLast(path.count - (depth - 1))
            try visit(name, path, attributes)
            path.append(name)
        }
    }
}

extension ModelFormatError {
    init(unexpected name: String, in path: [String]) {
        self.init("an element \(name) inside \(path.last ?? "ModelRoot"), which has none of that name")
    }
}

extension ModelElement {
    /// Reads an element's attributes; those of unknown names are passed over.
    init(_ attributes: [XMLWalk.Attribute], keyName: String) throws(ModelFormatError) {
        guard let key = attributes.first(where: { $0.name == keyName })?.value else {
            throw ModelFormatError("\(Self.self) without \(keyName)")
        }
        self.init(key: key)
        let fields = Self.fields
        // Attributes mostly stand in the order of the fields, so that the next one is found at once.
        var next = 0
        for attribute in attributes where attribute.name != keyName {
            let places = fields.indices[next...]
            guard
                let place = places.first(where: { fields[$0].name == attribute.name })
                    ?? fields.indices[..<next].first(where: { fields[$0].name == attribute.name })
            else { continue }
            next = place + 1
            let field = fields[place]
            // What the other system writes for a value that it has not got.
            if attribute.value == "None", field.kind == .json || field.kind == .texts { continue }
            try field.write(field.kind.value(attribute.value), of: key, into: &self)
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
        case .json: text == "{}" ? [:] : PythonLiteral.value(text) ?? .string(text)
        case .texts: text.hasPrefix("[") ? PythonLiteral.value(text) ?? .string(text) : [.string(text)]
        }
    }
}
