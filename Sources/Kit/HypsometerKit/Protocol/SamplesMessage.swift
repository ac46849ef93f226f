// SPDX-License-Identifier: Apache-2.0
package import JSONText
package import Telemetry

/// Samples on their way from a plug-in. What the host knows already may be left out: of a sample the kind and unit of
/// its meter, of its resource all but the id, and the time of the cycle.
package struct SamplesMessage: Sendable {
    /// By name; empty where each sample says type and unit itself.
    private let meters: [String: Meter]
    private let resources: [String: Resource]
    private let timestamp: Timestamp
    private let source: String

    /// Of a pollster's call.
    package init(meters: some Sequence<Meter>, resources: [Resource], cycle: PollingCycle) {
        self.meters = Dictionary(meters.map { ($0.name, $0) }) { first, _ in first }
        self.resources = Dictionary(resources.map { ($0.id, $0) }) { first, _ in first }
        timestamp = cycle.timestamp
        source = cycle.sampleSource
    }

    /// Of a notification, whose samples say all themselves.
    package init(notification: NotificationMessage) {
        meters = [:]
        resources = [:]
        timestamp = notification.timestamp
        source = "openstack"
    }

    // MARK: The plug-in's side

    package func text(_ samples: [Sample]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(samples.count * 160 + 20)
        bytes.append("{\"samples\":")
        bytes.appendJSON(list: samples) { append($1, to: &$0) }
        bytes.append("}")
        return bytes
    }

    private func append(_ sample: Sample, to bytes: inout [UInt8]) {
        bytes.append("{\"name\":")
        bytes.appendJSON(sample.name)
        let meter = meters[sample.name]
        if meter?.kind != sample.kind || meter?.unit != sample.unit {
            bytes.append(",\"type\":")
            bytes.appendJSON(sample.kind.rawValue)
            bytes.append(",\"unit\":")
            bytes.appendJSON(sample.unit)
        }
        bytes.append(",\"volume\":")
        bytes.appendJSON(sample.volume)
        bytes.append(",\"resource_id\":")
        bytes.appendJSON(sample.resourceID)
        let resource = resources[sample.resourceID]
        for (key, text, known) in [
            ("project_id", sample.projectID, resource?.projectID), ("user_id", sample.userID, resource?.userID),
            ("project_name", sample.projectName, nil), ("user_name", sample.userName, nil),
            ("source", sample.source, source),
        ] where text != known {
            bytes.append(",")
            bytes.appendJSON(key)
            bytes.append(":")
            bytes.appendJSON(text)
        }
        if sample.resourceMetadata != resource?.metadata ?? [:] {
            bytes.append(",\"resource_metadata\":")
            bytes.appendJSON(sample.resourceMetadata)
        }
        if sample.timestamp != timestamp {
            bytes.append(",\"timestamp\":\"")
            sample.timestamp.append(to: &bytes)
            bytes.append("\"")
        }
        if let time = sample.monotonicTime {
            bytes.append(",\"monotonic_time\":")
            bytes.appendJSON(time.seconds)
        }
        bytes.append("}")
    }

    // MARK: The host's side

    /// - Throws: where a sample is of no meter that was offered, or is none at all.
    package func samples(_ result: WireValue) throws(WireError) -> [Sample] {
        if case .array(let items)? = result["samples"], items.count > PluginProtocol.mostItems {
            throw WireError(
                "samples", found: "\(items.count) of them", allowed: "at most \(PluginProtocol.mostItems)")
        }
        guard result["samples"] != nil else { throw WireError("samples", found: "nothing", allowed: "a list") }
        return try result.list("samples") { item throws(WireError) in try sample(item) }
    }

    private func sample(_ value: WireValue) throws(WireError) -> Sample {
        guard case .object(let entries) = value else {
            throw WireError("", found: value.shown, allowed: "an object")
        }
        let name = try value.text("name")
        let id = try value.text("resource_id")
        let meter = try meter(name, value)
        var resource = resources[id] ?? Resource(id: id)
        // Most have three fields: nothing to look for then.
        guard entries.count > 3 else {
            return Sample(meter, try value.volume("volume"), of: resource, at: timestamp, source: source)
        }
        if value["project_id"] != nil { resource.projectID = try value.optionalText("project_id") }
        if value["user_id"] != nil { resource.userID = try value.optionalText("user_id") }
        if value["resource_metadata"] != nil { resource.metadata = try value.metadata("resource_metadata") }
        var sample = Sample(
            meter, try value.volume("volume"), of: resource, at: try value.timestamp("timestamp") ?? timestamp,
            source: try value.optionalText("source") ?? source, readAt: try monotonicTime(value))
        sample.projectName = try value.optionalText("project_name")
        sample.userName = try value.optionalText("user_name")
        return sample
    }

    private func meter(_ name: String, _ value: WireValue) throws(WireError) -> Meter {
        let kind = try value.optionalText("type")
        let unit = try value.optionalText("unit")
        if meters.isEmpty {
            guard !name.isEmpty, let unit, let kind = kind.flatMap(Meter.Kind.init(rawValue:)) else {
                throw WireError("type", found: "no meter", allowed: "a name, a type of Ceilometer's and a unit")
            }
            return Meter(name, kind, unit: unit)
        }
        guard let meter = meters[name] else {
            throw WireError("name", found: WireValue.string(name).shown, allowed: "a meter that it offers")
        }
        guard kind ?? meter.kind.rawValue == meter.kind.rawValue, unit ?? meter.unit == meter.unit else {
            throw WireError(
                name, found: "type \(kind ?? meter.kind.rawValue), unit \(unit ?? meter.unit)",
                allowed: "those it offered, \(meter.kind.rawValue) and \(meter.unit.isEmpty ? "none" : meter.unit)")
        }
        return meter
    }

    /// Seconds, of which a century is more than any machine has been up.
    private func monotonicTime(_ value: WireValue) throws(WireError) -> MonotonicTime? {
        guard let field = value["monotonic_time"], field != .null else { return nil }
        let seconds = try value.number("monotonic_time")
        guard (0...3.2e9).contains(seconds) else {
            throw WireError("monotonic_time", found: "\(seconds)", allowed: "seconds from 0 to 3.2e9")
        }
        return MonotonicTime(nanoseconds: UInt64((seconds * 1e9).rounded()))
    }
}
