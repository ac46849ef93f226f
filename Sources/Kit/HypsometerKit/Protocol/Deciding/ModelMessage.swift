// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import JSONText

/// A model on its way between host and plug-in: its JSON, with `"model"` for its kind, and what people are shown.
package enum ModelMessage {
    /// - Throws: for a model that has no JSON.
    package static func value(_ model: any Model) throws(WireError) -> WireValue {
        let kind: String
        let json: JSONValue
        switch model {
        case let model as any JSONModel: (kind, json) = (type(of: model).kind, model.json)
        case let model as OtherModel: (kind, json) = (model.kind, model.json)
        default:
            throw WireError(
                "model", found: "\(type(of: model)), which has no JSON",
                allowed: "a type that conforms to JSONModel, so that it can be sent")
        }
        guard case .object(var object) = json else {
            throw WireError("model", found: WireValue(json).shown, allowed: "an object as the JSON of \(kind)")
        }
        object["model"] = .string(kind)
        return WireValue(object)
    }

    /// Reads a model of one of the types that are known, and any other as ``OtherModel``.
    ///
    /// - Parameter text: what people are shown of a model of another type; nil for its JSON.
    package static func model(
        _ value: WireValue?, of known: [any JSONModel.Type] = [], text: String? = nil
    ) throws(WireError) -> any Model {
        guard let value, case .object = value, case .string(let kind)? = value["model"] else {
            throw WireError(
                "model", found: value?.shown ?? "nothing", allowed: "an object that says in \"model\" what it is")
        }
        let json = JSONValue(value)
        for type in known + [ModelRoot.self, StorageModelRoot.self, BaremetalModelRoot.self] where type.kind == kind {
            do {
                return try type.init(json: json)
            } catch {
                throw WireError("model", found: "\(error)", allowed: "the JSON of a model \"\(kind)\"")
            }
        }
        return OtherModel(kind: kind, json: json, text: text)
    }
}
