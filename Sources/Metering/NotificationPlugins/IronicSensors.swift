// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// What the sensors of bare-metal nodes show, as ironic tells of them (`hardware.ipmi.metrics.update`): a sample for each
/// sensor of a node, resource `node-sensor`.
struct IronicSensors: NotificationPlugin {
    private static let families = ["Temperature", "Voltage", "Current", "Fan", "Power"]

    let eventTypes = ["hardware.ipmi.*"]

    func process(_ notification: NotificationMessage) throws -> [Sample] {
        guard let node = notification.payload.text("node_uuid") else { throw MissingField("payload has no node_uuid") }
        guard let readings = notification.payload.object("payload") else {
            throw MissingField("payload has no payload of its own with the sensors")
        }
        return Self.families.flatMap { family -> [Sample] in
            let sensors = readings.object(family)?.entries ?? []
            return sensors.compactMap { entry in sample(family, entry, node, notification) }
        }
    }

    private func sample(
        _ family: String, _ entry: Metadata.Entry, _ node: String, _ notification: NotificationMessage
    ) -> Sample? {
        guard case .object(let sensor) = entry.value, let reading = sensor.text("Sensor Reading") else { return nil }
        // "21 (+/- 0) degrees C", "4480 (+/- 0) RPM"; "Disabled" and the like are no readings.
        let words = reading.split(separator: " ")
        guard let first = words.first, let volume = Double(first), let last = words.last, words.count > 1 else {
            return nil
        }
        let units = ["Volts": "V", "Watts": "W"]
        let id = sensor.text("Sensor ID") ?? entry.key
        // Of the family Current, but a power.
        if family == "Current", id.contains("Pwr Consumption") { return nil }
        let meter = Meter(
            "hardware.ipmi.\(family.lowercased())", .gauge, unit: units[String(last)] ?? String(last))
        let name = id.lowercased().replacing(" ", with: "_")
        var metadata = sensor
        metadata["node"] = .string(node)
        metadata["event_type"] = .string(notification.eventType)
        let resource = Resource(
            id: "\(node)-\(name)", projectID: notification.payload.text("project_id"),
            userID: notification.payload.text("user_id"), metadata: metadata)
        return Sample(meter, .real(volume), of: resource, at: notification.timestamp)
    }
}
