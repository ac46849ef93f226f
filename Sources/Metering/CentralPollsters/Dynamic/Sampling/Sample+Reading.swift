// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings
internal import Telemetry

extension DynamicDefinition {
    /// nil, and noted, where there is no number or no resource.
    func sample(
        _ reading: DynamicReading, with extra: [ExpressionValue.Entry], in cycle: PollingCycle, _ flaws: inout Flaws
    ) -> Sample? {
        guard let volume = Volume(reading.value) else {
            flaws.add("no number: \(reading.value.pythonText.shortened(to: 40))")
            return nil
        }
        guard let id = reading.identifier("id") ?? (resourceID == nil ? name : nil) else {
            flaws.add("no \(resourceID?.text ?? "id")")
            return nil
        }
        var metadata = Metadata()
        for entry in reading.metadata + extra { metadata[entry.key] = Metadata.Value(entry.value) }
        let resource = Resource(
            id: id, projectID: reading.identifier("project_id"), userID: reading.identifier("user_id"),
            metadata: metadata)
        let meter = Meter(reading.name, meter.kind, unit: meter.unit)
        return Sample(meter, volume, of: resource, in: cycle)
    }
}

extension Volume {
    /// A number, also one written as a text; nil for anything else.
    fileprivate init?(_ value: ExpressionValue) {
        switch value {
        case .integer(let integer): self.init(integer)
        case .bool(let bool): self.init(bool ? 1 : 0)
        case .real(let real) where real.isFinite: self.init(real)
        case .string(let text):
            if let integer = Int128(text.trimmed) {
                self.init(integer)
            } else if let real = Double(text.trimmed), real.isFinite {
                self.init(real)
            } else {
                return nil
            }
        default: return nil
        }
    }
}

extension Metadata.Value {
    init(_ value: ExpressionValue) {
        switch value {
        case .missing, .none: self = .null
        case .bool(let bool): self = .bool(bool)
        case .integer(let integer): self = Int64(exactly: integer).map { .integer($0) } ?? .real(Double(integer))
        case .real(let real): self = .real(real)
        case .string(let text): self = .string(text)
        case .list(let items): self = .array(items.map { Metadata.Value($0) })
        case .dictionary(let entries):
            var metadata = Metadata()
            for entry in entries { metadata[entry.key] = Metadata.Value(entry.value) }
            self = .object(metadata)
        }
    }
}
