// SPDX-License-Identifier: Apache-2.0
package import Telemetry

extension Event {
    /// Appends the event as one JSON object with the keys, in the order, of Ceilometer's events: `message_id`,
    /// `event_type`, `generated`, `traits` as lists of name, type (1 text, 2 integer, 3 real, 4 time) and value, `raw`.
    package func appendJSON(to bytes: inout [UInt8]) {
        bytes.append("{\"message_id\":")
        bytes.appendJSON(messageID)
        bytes.append(",\"event_type\":")
        bytes.appendJSON(eventType)
        bytes.append(",\"generated\":\"")
        generated.append(to: &bytes)
        bytes.append("\",\"traits\":")
        bytes.appendJSON(list: traits) { bytes, trait in
            bytes.append("[")
            bytes.appendJSON(trait.name)
            switch trait.value {
            case .text(let text):
                bytes.append(",1,")
                bytes.appendJSON(text)
            case .integer(let integer):
                bytes.append(",2,")
                bytes.append(contentsOf: integer.description.utf8)
            case .real(let real):
                bytes.append(",3,")
                bytes.appendJSON(real)
            case .datetime(let time):
                bytes.append(",4,\"")
                time.append(to: &bytes)
                bytes.append("\"")
            }
            bytes.append("]")
        }
        bytes.append(",\"raw\":")
        bytes.appendJSON(raw)
        bytes.append("}")
    }
}
