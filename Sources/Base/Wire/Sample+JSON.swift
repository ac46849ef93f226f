// SPDX-License-Identifier: Apache-2.0
package import Telemetry

extension Sample {
    /// The sample as one JSON object with the keys, in the order, of Ceilometer's file and HTTP publishers
    /// (`Sample.as_dict()`): `name`, `type`, `unit`, `volume`, …
    package var json: [UInt8] {
        var text = JSONText()
        text.append(raw: "{\"name\":")
        text.append(name)
        text.append(raw: ",\"type\":\"\(kind.rawValue)\",\"unit\":")
        text.append(unit)
        text.append(raw: ",\"volume\":")
        text.append(volume)
        text.append(raw: ",\"user_id\":")
        text.append(userID)
        text.append(raw: ",\"user_name\":")
        text.append(userName)
        text.append(raw: ",\"project_id\":")
        text.append(projectID)
        text.append(raw: ",\"project_name\":")
        text.append(projectName)
        text.append(raw: ",\"resource_id\":")
        text.append(resourceID)
        text.append(raw: ",\"timestamp\":\"\(timestamp)\",\"resource_metadata\":")
        text.append(resourceMetadata)
        text.append(raw: ",\"source\":")
        text.append(source)
        text.append(raw: ",\"id\":")
        text.append(quoted: id.ascii)
        text.append(raw: ",\"monotonic_time\":\(monotonicTime.map { $0.seconds.description } ?? "null")}")
        return text.bytes
    }
}
