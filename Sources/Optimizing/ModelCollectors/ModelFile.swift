// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Models as files hold them: our JSON, or the older system's XML.
public enum ModelFile {
    /// The model in a file's text, with the name of the collector that makes its like: `compute`, `storage` or
    /// `baremetal`.
    ///
    /// - Returns: nil for JSON of another kind.
    /// - Throws: ``ModelFormatError``, ``JSONError``, ``ModelError`` or an XML reader's error, each with what is wrong.
    public static func read(_ text: String) throws -> (name: String, model: any Model)? {
        if text.first(where: { !$0.isWhitespace }) == "<" { return try readXML(text) }
        let json = try JSONValue(parsing: text)
        switch json["model"]?.string {
        case "compute": return ("compute", try ModelRoot(json: json))
        case "storage": return ("storage", try StorageModelRoot(json: json))
        case "baremetal": return ("baremetal", try BaremetalModelRoot(json: json))
        default: return nil
        }
    }

    /// The model in Watcher's XML; nil for a model that it has no form for.
    public static func xml(_ model: any Model) -> String? {
        switch model {
        case let model as ModelRoot: model.xml
        case let model as StorageModelRoot: model.xml
        case let model as BaremetalModelRoot: model.xml
        default: nil
        }
    }

    /// The first element tells what the model is of; an empty one is of compute.
    private static func readXML(_ text: String) throws -> (name: String, model: any Model) {
        var first: String?
        do {
            try ModelXML.elements(of: text) { name, _, _ in throw FirstElement(name: name) }
        } catch let element as FirstElement {
            first = element.name
        }
        switch first {
        case "StorageNode", "Pool", "Volume": return ("storage", try StorageModelRoot(xml: text))
        case "IronicNode": return ("baremetal", try BaremetalModelRoot(xml: text))
        default: return ("compute", try ModelRoot(xml: text))
        }
    }
}

/// Ends a walk at the first element, which is all that was wanted.
private struct FirstElement: Error {
    var name: String
}
