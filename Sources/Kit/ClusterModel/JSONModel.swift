// SPDX-License-Identifier: Apache-2.0

/// A model that can be written down and read again: what a file or a plug-in's protocol carries.
public protocol JSONModel: Model {
    /// What `"model"` in its JSON says: by this whoever reads it knows its shape.
    static var kind: String { get }

    /// Reads what ``json`` writes.
    init(json: JSONValue) throws

    /// An object. Whoever sends it adds `"model"` where it isn't there.
    var json: JSONValue { get }
}

extension ModelRoot: JSONModel { public static let kind = "compute" }
extension StorageModelRoot: JSONModel { public static let kind = "storage" }
extension BaremetalModelRoot: JSONModel { public static let kind = "baremetal" }

/// A model whose shape is known only elsewhere, as to the strategy that reads it.
public struct OtherModel: AgingModel, Hashable {
    /// What its JSON says in `"model"`.
    public var kind: String
    public var json: JSONValue
    /// What its collector shows people.
    public var text: String

    public var isStale: Bool { json["stale"]?.bool ?? false }

    public init(kind: String, json: JSONValue, text: String? = nil) {
        self.kind = kind
        self.json = json
        self.text = text ?? json.json
    }
}
