// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// A call that another extension or an operator makes by name: one of those that the extension says it
/// ``FleetExtension/provides``.
public struct ExtensionCall: Sendable, Hashable {
    public var name: String
    /// The node that it is about.
    public var node: FleetNode
    public var arguments: [JSONValue]

    public init(_ name: String, node: FleetNode, arguments: [JSONValue] = []) {
        self.name = name
        self.node = node
        self.arguments = arguments
    }
}
