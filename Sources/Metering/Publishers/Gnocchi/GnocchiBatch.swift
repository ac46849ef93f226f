// SPDX-License-Identifier: Apache-2.0
internal import Pipelines
internal import Telemetry
internal import Wire

/// Samples as Gnocchi takes them: measures of metrics of resources.
struct GnocchiBatch: Sendable {
    /// A sample that some definition has.
    struct Entry: Sendable {
        var spooled: SpooledSample
        var definition: ResourceDefinition
        var metric: ResourceDefinition.Metric

        /// A slash would end the name in Gnocchi's paths.
        var resourceID: String { spooled.sample.resourceID.replacing("/", with: "_") }
        /// Of the resource in Gnocchi.
        var key: String { "\(definition.type)/\(resourceID)" }
    }

    var entries: [Entry]

    /// By resource and metric, in the order of their times. A time stands once: of two values the later one.
    ///
    /// - Parameter policy: of metrics whose definition names none.
    func measures(policy: (Entry) -> String) -> WireValue {
        var resources: [String] = []
        var metrics: [String: [String]] = [:]
        var points: [String: [String: (entry: Entry, values: [Timestamp: Volume])]] = [:]
        for entry in entries {
            let (id, sample) = (entry.resourceID, entry.spooled.sample)
            if points[id] == nil { resources.append(id) }
            if points[id]?[sample.name] == nil {
                metrics[id, default: []].append(sample.name)
                points[id, default: [:]][sample.name] = (entry, [:])
            }
            points[id]?[sample.name]?.values[sample.timestamp] = sample.volume
        }
        return .object(
            resources.map { id in
                let entries: [WireValue.Entry] = (metrics[id] ?? []).compactMap { name in
                    guard let (entry, values) = points[id]?[name] else { return nil }
                    let measures = values.sorted { $0.key < $1.key }.map { time, value in
                        WireValue.object([
                            .init("timestamp", .string(time.description)), .init("value", WireValue(value)),
                        ])
                    }
                    return .init(
                        name,
                        .object([
                            .init("archive_policy_name", .string(policy(entry))), .init("measures", .array(measures)),
                            .init("unit", .string(entry.metric.unit ?? entry.spooled.sample.unit)),
                        ]))
                }
                return .init(id, .object(entries))
            })
    }

    /// The newest of each resource's samples, in the order in which the resources come: it has the attributes that
    /// hold.
    var newest: [Entry] {
        var order: [String] = []
        var newest: [String: Entry] = [:]
        for entry in entries {
            guard let known = newest[entry.key] else {
                order.append(entry.key)
                newest[entry.key] = entry
                continue
            }
            if known.spooled.sample.timestamp <= entry.spooled.sample.timestamp { newest[entry.key] = entry }
        }
        return order.compactMap { newest[$0] }
    }
}

extension GnocchiBatch.Entry {
    /// What Gnocchi is told of the resource.
    ///
    /// - Parameter isNew: whether it is to be made: then who made it is told, too, which can't be changed later.
    func body(isNew: Bool) -> WireValue {
        let sample = spooled.sample
        var entries: [WireValue.Entry] = []
        if isNew {
            entries.append(.init("id", .string(resourceID)))
            entries.append(.init("user_id", sample.userID.map { .string($0) } ?? .null))
        }
        entries.append(.init("project_id", sample.projectID.map { .string($0) } ?? .null))
        for (name, value) in definition.attributes(of: sample) {
            // An attribute that isn't a text is one all the same: the types are made for texts.
            guard let text = value.text else { continue }
            entries.append(.init(name, .string(String(text.unicodeScalars.prefix(255)))))
        }
        return .object(entries)
    }

    /// Changes where the resource's attributes do.
    var attributesHash: Int {
        var bytes: [UInt8] = []
        bytes.appendJSON(body(isNew: false))
        return bytes.hashValue
    }
}
