// SPDX-License-Identifier: Apache-2.0

/// An element of a small XML document, with what a reader of libvirt's descriptions needs.
package struct XMLElement: Sendable, Hashable {
    /// Without prefix.
    package var name: String
    /// The namespace's URI; nil for none.
    package var namespace: String?
    /// By name, without prefix.
    package var attributes: [String: String]
    package var children: [XMLElement]
    /// The element's own text, without that of its children and without white space at the ends.
    package var text: String

    /// The first child of that name, whatever its namespace.
    package subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The children of that name.
    package func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}
