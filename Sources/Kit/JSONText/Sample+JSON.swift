// SPDX-License-Identifier: Apache-2.0
package import Telemetry

extension Sample {
    /// Appends the sample as one JSON object with the keys, in the order, of Ceilometer's file and HTTP publishers
    /// (`Sample.as_dict()`): `name`, `type`, `unit`, `volume`, …
    ///
    /// - Parameter metadata: the JSON text of `resourceMetadata`.
    package func appendJSON(to bytes: inout [UInt8], metadata: [UInt8]) {
        bytes.append("{\"name\":")
        bytes.appendJSON(name)
        bytes.append(",\"type\":")
        bytes.appendJSON(kind.rawValue)
        bytes.append(",\"unit\":")
        bytes.appendJSON(unit)
        bytes.append(",\"volume\":")
        bytes.appendJSON(volume)
        bytes.append(",\"user_id\":")
        bytes.appendJSON(userID)
        bytes.append(",\"user_name\":")
        bytes.appendJSON(userName)
        bytes.append(",\"project_id\":")
        bytes.appendJSON(projectID)
        bytes.append(",\"project_name\":")
        bytes.appendJSON(projectName)
        bytes.append(",\"resource_id\":")
        bytes.appendJSON(resourceID)
        bytes.append(",\"timestamp\":\"")
        timestamp.append(to: &bytes)
        bytes.append("\",\"resource_metadata\":")
        bytes.append(contentsOf: metadata)
        bytes.append(",\"source\":")
        bytes.appendJSON(source)
        bytes.append(",\"id\":\"")
        id.append(to: &bytes)
        bytes.append("\",\"monotonic_time\":")
        if let monotonicTime { bytes.appendJSON(monotonicTime.seconds) } else { bytes.append("null") }
        bytes.append(UInt8(ascii: "}"))
    }
}
