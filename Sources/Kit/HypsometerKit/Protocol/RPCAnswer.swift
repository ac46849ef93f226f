// SPDX-License-Identifier: Apache-2.0
package import JSONText

/// A plug-in's answer to a call.
package struct RPCAnswer: Sendable {
    /// nil where the plug-in could not tell which call it was.
    package var id: Int?
    package var result: Result<WireValue, RPCError>

    package init(line: [UInt8]) throws(WireError) {
        let value = try WireValue(json: line, within: WireLimits(bytes: PluginProtocol.longestAnswer))
        try self.init(value)
    }

    package init(_ value: WireValue) throws(WireError) {
        guard case .object = value else { throw WireError("answer", found: value.shown, allowed: "an object") }
        guard try value.text("jsonrpc") == "2.0" else {
            throw WireError("jsonrpc", found: value["jsonrpc"].map(\.shown) ?? "nothing", allowed: "\"2.0\"")
        }
        id = value["id"] == .null ? nil : try value.integer("id")
        if let error = value["error"], error != .null {
            do throws(WireError) {
                result = .failure(
                    RPCError(code: try error.integer("code"), try error.text("message"), data: error["data"]))
            } catch {
                throw error.inside("error")
            }
        } else if let result = value["result"] {
            self.result = .success(result)
        } else {
            throw WireError("answer", found: "neither result nor error", allowed: "one of the two")
        }
    }

    /// The line of an answer.
    ///
    /// - Parameter result: a JSON text, or the error.
    package static func line(_ id: Int?, _ result: Result<[UInt8], RPCError>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append("{\"jsonrpc\":\"2.0\",\"id\":")
        if let id { bytes.append(contentsOf: id.description.utf8) } else { bytes.append("null") }
        switch result {
        case .success(let text):
            bytes.append(",\"result\":")
            bytes.append(contentsOf: text)
        case .failure(let error):
            bytes.append(",\"error\":")
            bytes.appendJSON(
                .object([
                    "code": .integer(Int128(error.code)), "message": .string(error.description), "data": error.data,
                ]))
        }
        bytes.append("}\n")
        return bytes
    }
}
