// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import Expressions
internal import JSONText
internal import Telemetry

/// Why a definition gave no sample, or one fewer, of a notification that it is about.
struct Gap: Error, Sendable, Hashable, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

extension MeterDefinition {
    /// What the definition reads and the notification holds.
    struct Source {
        let notification: ReceivedNotification
        let document: ExpressionValue
        let reserved: ReservedMetadata
        let sampleSource: String
        /// The payload, its event type and its publisher: the metadata of a meter that defines none.
        let wholePayload: Metadata
    }

    private static let fallbackUser = chain("user_id", "user")
    private static let fallbackProject = chain("project_id", "tenant_id")

    private static func chain(_ names: String...) -> ValueRule {
        do {
            return try ValueRule(paths: names.map { "ctxt.\($0)" })
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// The samples of a notification, and why there are not more.
    func samples(of source: Source) -> (samples: [Sample], gaps: [Gap]) {
        lookup.isEmpty ? oneSample(of: source) : severalSamples(of: source)
    }

    private func oneSample(of source: Source) -> (samples: [Sample], gaps: [Gap]) {
        let document = source.document
        let figures = Figures(
            name: name.value(in: document) ?? name.text, type: type.value(in: document) ?? type.text,
            unit: unit.value(in: document) ?? unit.text, volume: volume.value(in: document),
            resource: resourceID.value(in: document), project: project(document), user: user(document),
            timestamp: timestamp?.value(in: document))
        return made(figures, 0, metadata(of: source), source)
    }

    /// A sample for each item of the lists that are looked up; what isn't, and has one value, goes with each.
    private func severalSamples(of source: Source) -> (samples: [Sample], gaps: [Gap]) {
        let document = source.document
        func texts(_ rule: NameRule) -> [ExpressionValue] {
            rule.path.map { $0.values(in: document) } ?? [.string(rule.text)]
        }
        func values(_ rule: ValueRule?, _ field: String) -> [ExpressionValue] {
            let found = rule?.values(in: document, keepingNulls: lookup.contains(field)) ?? []
            return found.isEmpty && !lookup.contains(field) ? [.none] : found
        }
        let names = texts(name)
        guard !names.isEmpty else { return ([], [Gap("name \(name.text) finds nothing")]) }
        var columns: [String: [ExpressionValue]] = [
            "name": names, "type": texts(type), "unit": texts(unit), "volume": values(volume, "volume"),
            "resource_id": values(resourceID, "resource_id"), "project_id": values(projectID, "project_id"),
            "user_id": values(userID, "user_id"), "timestamp": values(timestamp, "timestamp"),
        ]
        for field in Self.lookups {
            guard let column = columns[field], column.count != names.count else { continue }
            guard column.count == 1, !lookup.contains(field) || field == "name" else {
                return ([], [Gap("there are \(names.count) names, but \(column.count) values of \(field)")])
            }
            columns[field] = Array(repeating: column[0], count: names.count)
        }
        var result: (samples: [Sample], gaps: [Gap]) = ([], [])
        let metadata = metadata(of: source)
        for index in names.indices {
            func item(_ field: String) -> ExpressionValue? {
                columns[field].flatMap { $0[index] == .none ? nil : $0[index] }
            }
            let figures = Figures(
                name: item("name")?.textValue ?? "", type: item("type")?.textValue ?? "",
                unit: item("unit")?.textValue ?? "", volume: item("volume"), resource: item("resource_id"),
                project: item("project_id") ?? project(document), user: item("user_id") ?? user(document),
                timestamp: item("timestamp"))
            let made = made(figures, index, metadata, source)
            result.samples += made.samples
            result.gaps += made.gaps
        }
        return result
    }

    private func project(_ document: ExpressionValue) -> ExpressionValue? {
        projectID?.value(in: document) ?? Self.fallbackProject.value(in: document)
    }

    private func user(_ document: ExpressionValue) -> ExpressionValue? {
        userID?.value(in: document) ?? Self.fallbackUser.value(in: document)
    }

    private struct Figures {
        var name: String
        var type: String
        var unit: String
        var volume: ExpressionValue?
        var resource: ExpressionValue?
        var project: ExpressionValue?
        var user: ExpressionValue?
        var timestamp: ExpressionValue?
    }

    private func made(
        _ figures: Figures, _ index: Int, _ metadata: Metadata, _ source: Source
    ) -> (samples: [Sample], gaps: [Gap]) {
        guard let found = figures.volume else { return ([], [Gap("volume \(volume.text) finds nothing")]) }
        guard let volume = found.volume else {
            return ([], [Gap("volume \(volume.text) finds \(found.textValue ?? "no number")")])
        }
        guard let resource = figures.resource?.textValue, !resource.isEmpty else {
            return ([], [Gap("resource_id \(resourceID.text) finds nothing")])
        }
        guard let kind = Meter.Kind(rawValue: figures.type) else {
            return ([], [Gap("type \(type.text) finds no type of meter")])
        }
        guard !figures.name.isEmpty else { return ([], [Gap("name \(name.text) finds nothing")]) }
        var time = source.notification.timestamp
        if let written = figures.timestamp {
            guard let read = written.textValue.flatMap({ Timestamp(notified: $0) }) else {
                return ([], [Gap("timestamp \(timestamp?.text ?? "") finds no time")])
            }
            time = read
        }
        var sample = Sample(
            Meter(figures.name, kind, unit: figures.unit), volume,
            of: Resource(
                id: resource, projectID: figures.project?.textValue, userID: figures.user?.textValue,
                metadata: metadata), at: time, source: source.sampleSource)
        sample.id = SampleID(of: source.notification.messageID, figures.name, resource, index)
        return ([sample], [])
    }

    private func metadata(of source: Source) -> Metadata {
        var metadata = Metadata()
        for (name, rule) in self.metadata {
            if let value = rule.value(in: source.document), value.isTrue { metadata[name] = value.metadataValue }
        }
        if let userMetadata, let found = userMetadata.value(in: source.document),
            let reserved = source.reserved.metadata(of: found)
        {
            metadata["user_metadata"] = .object(reserved)
        }
        return metadata.isEmpty ? source.wholePayload : metadata
    }
}

extension SampleID {
    /// The id of what a notification gives, the same whenever it is read again, so that a receiver drops the repeat.
    init(of messageID: String, _ meter: String, _ resource: String, _ index: Int) {
        let digest = ShortDigest(of: Array("\(messageID)\n\(meter)\n\(resource)\n\(index)".utf8))
        // Version 8: made of a digest of our own choice.
        let high = digest.high & ~0xF000 | 0x8000
        let low = digest.low & ~(0xC000 << 48) | 0x8000 << 48
        let hex = [high, low].map { half in
            let text = String(half, radix: 16)
            return String(repeating: "0", count: 16 - text.utf8.count) + text
        }.joined()
        var text = ""
        for (index, digit) in hex.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        guard let id = SampleID(text) else { preconditionFailure("32 digits make an id") }
        self = id
    }
}
