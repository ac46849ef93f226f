// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// The fleet service as an extension reaches it. The plug-in's side of the protocol is one; a test may be another.
public protocol FleetHost: Sendable {
    /// - Parameter method: `fleet.nodes`, `database.read`, …, as docs/plugin-protocol.md lists them.
    /// - Throws: where the service refuses it, with its words.
    func call(_ method: String, _ parameters: JSONObject) async throws -> JSONValue
}

/// What an extension gets that asks for the fleet where there is none, as in a polling agent.
public struct NoFleet: FleetHost, Error, CustomStringConvertible {
    public init() {}

    public var description: String { "there is no fleet service behind this" }

    public func call(_ method: String, _ parameters: JSONObject) async throws -> JSONValue { throw self }
}
