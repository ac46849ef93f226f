// SPDX-License-Identifier: Apache-2.0
package import FleetExtensions
package import JSONText

extension ExtensionRequest {
    package init(message value: WireValue) throws(WireError) {
        self.init(
            method: try value.text("method"), path: try value.text("path"),
            parameters: try value.dictionary("parameters"), query: try value.dictionary("query"),
            headers: try value.dictionary("headers"), body: try value.text("body"),
            node: value["node"] == nil || value["node"] == .null ? nil : try value.integer("node"))
    }

    /// - Parameter route: its place among those that the extension declared.
    package func message(to name: String, route: Int) -> WireValue {
        func texts(_ texts: [String: String]) -> WireValue {
            .object(texts.sorted { $0.key < $1.key }.map { WireValue.Entry($0.key, .string($0.value)) })
        }
        return .object([
            "name": .string(name), "route": .integer(Int128(route)), "method": .string(method), "path": .string(path),
            "parameters": texts(parameters), "query": texts(query), "headers": texts(headers), "body": .string(body),
            "node": node.map { .integer(Int128($0)) },
        ])
    }
}

extension ExtensionResponse {
    package init(message value: WireValue) throws(WireError) {
        self.init(
            status: try value.integer("status"), headers: try value.dictionary("headers"),
            body: try value.optionalText("body") ?? "")
        guard (200...599).contains(status) else {
            throw WireError("status", found: "\(status)", allowed: "200 to 599")
        }
    }

    package var message: WireValue {
        .object([
            "status": .integer(Int128(status)),
            "headers": .object(
                headers.sorted { $0.key < $1.key }.map { WireValue.Entry($0.key.lowercased(), .string($0.value)) }),
            "body": .string(body),
        ])
    }
}
