// SPDX-License-Identifier: Apache-2.0
package import JSONText

/// A call on its way to a plug-in.
package struct RPCRequest: Sendable {
    package var id: Int
    package var method: String
    package var parameters: WireValue

    package init(line: [UInt8]) throws(RPCError) {
        let value: WireValue
        do throws(WireError) {
            value = try WireValue(json: line, within: WireLimits(bytes: PluginProtocol.longestRequest))
        } catch {
            throw RPCError(.parse, "\(error)")
        }
        try self.init(value)
    }

    package init(_ value: WireValue) throws(RPCError) {
        do throws(WireError) {
            id = try value.integer("id")
            method = try value.text("method")
            parameters = value["params"] ?? .object([])
        } catch {
            throw RPCError(.invalidRequest, "\(error)")
        }
    }

    /// The line of a call.
    ///
    /// - Parameter parameters: a JSON text.
    package static func line(_ id: Int, _ method: String, _ parameters: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parameters.count + 80)
        bytes.append("{\"jsonrpc\":\"2.0\",\"id\":")
        bytes.append(contentsOf: id.description.utf8)
        bytes.append(",\"method\":\"")
        bytes.append(contentsOf: method.utf8)
        bytes.append("\",\"params\":")
        bytes.append(contentsOf: parameters)
        bytes.append("}\n")
        return bytes
    }
}
