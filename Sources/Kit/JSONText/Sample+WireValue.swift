// SPDX-License-Identifier: Apache-2.0
package import Telemetry

extension Sample {
    /// Reads a metering message (`counter_name`, …) or a sample of the file and HTTP publishers (`name`, …).
    ///
    /// What Ceilometer may leave out may be missing here: names of user and project, the monotonic time, the source.
    /// Other keys, such as `publisher_id`, are passed over.
    package init(_ message: WireValue) throws(WireError) {
        guard case .object = message else {
            throw WireError("message", found: message.shown, allowed: "an object")
        }
        let isMetering = message["counter_name"] != nil
        let keys = isMetering ? MessageKeys.metering : .sample
        let fields = MessageFields(message: message)
        let typeName = try message.text(keys.type)
        guard let kind = Meter.Kind(rawValue: typeName) else {
            throw WireError(
                keys.type, found: WireValue.string(typeName).shown,
                allowed: Meter.Kind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let meter = Meter(try message.text(keys.name), kind, unit: try message.text(keys.unit))
        guard !meter.name.isEmpty else { throw WireError(keys.name, found: "\"\"", allowed: "a text, not empty") }
        let resource = Resource(
            id: try message.text("resource_id"), projectID: try message.optionalText("project_id"),
            userID: try message.optionalText("user_id"), metadata: try message.metadata("resource_metadata"))
        let cycle = PollingCycle(
            number: 0, timestamp: try fields.timestamp("timestamp"), deadline: MonotonicTime(nanoseconds: 0),
            meters: [],
            sampleSource: try message.optionalText("source") ?? "openstack")
        self.init(
            meter, try fields.volume(keys.volume), of: resource, in: cycle,
            readAt: try fields.monotonicTime("monotonic_time"))
        userName = try message.optionalText("user_name")
        projectName = try message.optionalText("project_name")
        id = try fields.id(keys.id)
    }
}

/// The names of the fields that the two forms of a sample call differently.
private struct MessageKeys {
    var name: String
    var type: String
    var unit: String
    var volume: String
    var id: String

    static let metering = MessageKeys(
        name: "counter_name", type: "counter_type", unit: "counter_unit", volume: "counter_volume", id: "message_id")
    static let sample = MessageKeys(name: "name", type: "type", unit: "unit", volume: "volume", id: "id")
}

/// The fields of a message that are read otherwise than the others'.
private struct MessageFields {
    let message: WireValue

    private func wrong(_ key: String, _ allowed: String) -> WireError {
        WireError(key, found: message[key].map(\.shown) ?? "nothing", allowed: allowed)
    }

    /// A number; also one in a text, which Ceilometer takes.
    func volume(_ key: String) throws(WireError) -> Volume {
        let volume: Volume? =
            switch message[key] {
            case .integer(let integer)?:
                (Int128(Int64.min)...Int128(UInt64.max)).contains(integer) ? Volume(integer) : .real(Double(integer))
            case .real(let real)?: .real(real)
            case .string(let text)?: Int64(text).map { .integer($0) } ?? Double(text).map { .real($0) }
            default: nil
            }
        guard let volume, volume.isFinite else { throw wrong(key, "a finite number") }
        return volume
    }

    func timestamp(_ key: String) throws(WireError) -> Timestamp {
        guard let timestamp = Timestamp(parsing: try message.text(key).utf8) else {
            throw wrong(key, "a time such as 2026-11-21T03:16:50.035734")
        }
        return timestamp
    }

    func id(_ key: String) throws(WireError) -> SampleID {
        guard let id = SampleID(try message.text(key)) else { throw wrong(key, "a UUID") }
        return id
    }

    /// Seconds, of which a century is more than any machine has been up.
    func monotonicTime(_ key: String) throws(WireError) -> MonotonicTime? {
        let seconds: Double
        switch message[key] {
        case nil, .null?: return nil
        case .integer(let integer)?: seconds = Double(integer)
        case .real(let real)?: seconds = real
        default: throw wrong(key, "seconds or null")
        }
        guard (0...3.2e9).contains(seconds) else { throw wrong(key, "seconds from 0 to 3.2e9") }
        return MonotonicTime(nanoseconds: UInt64((seconds * 1e9).rounded()))
    }
}
