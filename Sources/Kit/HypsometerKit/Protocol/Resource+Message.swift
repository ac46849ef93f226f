// SPDX-License-Identifier: Apache-2.0
package import JSONText
package import Telemetry

extension Resource {
    package init(message value: WireValue) throws(WireError) {
        let id = try value.text("id")
        guard !id.isEmpty else { throw WireError("id", found: "\"\"", allowed: "a text, not empty") }
        self.init(
            id: id, projectID: try value.optionalText("project_id"), userID: try value.optionalText("user_id"),
            metadata: try value.metadata("metadata"))
    }

    /// Appends it as JSON; what is nil or empty is left out.
    package func appendMessage(to bytes: inout [UInt8]) {
        bytes.append("{\"id\":")
        bytes.appendJSON(id)
        if let projectID {
            bytes.append(",\"project_id\":")
            bytes.appendJSON(projectID)
        }
        if let userID {
            bytes.append(",\"user_id\":")
            bytes.appendJSON(userID)
        }
        if !metadata.isEmpty {
            bytes.append(",\"metadata\":")
            bytes.appendJSON(metadata)
        }
        bytes.append("}")
    }
}
