// SPDX-License-Identifier: Apache-2.0

/// Something that a cluster consists of: a compute node, an instance, a pool.
///
/// A property is nil while its source has not told it; it then stands in no JSON, XML or list. ``fields`` is the one
/// place that says which properties there are, in the order in which they are written.
public protocol ModelElement: Sendable, Hashable {
    /// What the element is found by: a UUID, or the name of a pool or storage node.
    var key: String { get }

    static var fields: [ElementField<Self>] { get }

    /// An element of which nothing but the key is known.
    init(key: String)
}

extension ModelElement {
    /// The known properties by name.
    public var json: JSONObject {
        JSONObject(Self.fields.compactMap { field in field.read(self).map { (field.name, $0) } })
    }

    /// Reads what ``json`` writes. Unknown names are passed over, as a model may come from a newer version.
    ///
    /// - Parameter keyName: the field that holds the key: `uuid`, `host`, `name`.
    public init(json: JSONObject, keyName: String) throws(ModelFormatError) {
        guard let key = json[keyName]?.string else {
            throw ModelFormatError("\(Self.self) without \(keyName), which is a text that tells it from others")
        }
        self.init(key: key)
        for field in Self.fields {
            guard let value = json[field.name] else { continue }
            try field.write(value, of: key, into: &self)
        }
    }
}

/// A model in a file or an answer that can't be read.
public struct ModelFormatError: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}
