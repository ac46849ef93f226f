// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Telemetry

/// A sample's fields as the names of an expression, by Ceilometer's names for them.
struct SampleScope: ExpressionScope {
    static let names = [
        "volume", "resource_metadata", "name", "type", "unit", "user_id", "user_name", "project_id", "project_name",
        "resource_id", "timestamp", "source", "id", "monotonic_time",
    ]

    let sample: Sample

    func value(at path: [String]) -> ExpressionValue { value(of: path[0], path.dropFirst()) }

    /// - Parameter attributes: those after the field's name.
    func value(of field: String, _ attributes: ArraySlice<String>) -> ExpressionValue {
        if field == "resource_metadata" {
            return attributes.reduce(.object(sample.resourceMetadata) as Metadata.Value?) { value, attribute in
                if case .object(let object)? = value { object[attribute] } else { nil }
            }.map { ExpressionValue($0) } ?? .missing
        }
        guard attributes.isEmpty else { return .missing }
        switch field {
        case "volume": return sample.volume.expressionValue
        case "name": return .string(sample.name)
        case "type": return .string(sample.kind.rawValue)
        case "unit": return .string(sample.unit)
        case "user_id": return sample.userID.map { .string($0) } ?? .none
        case "user_name": return sample.userName.map { .string($0) } ?? .none
        case "project_id": return sample.projectID.map { .string($0) } ?? .none
        case "project_name": return sample.projectName.map { .string($0) } ?? .none
        case "resource_id": return .string(sample.resourceID)
        case "timestamp": return .string(sample.timestamp.description)
        case "source": return .string(sample.source)
        case "id": return .string(sample.id.description)
        case "monotonic_time": return sample.monotonicTime.map { .real($0.seconds) } ?? .none
        default: return .missing
        }
    }
}

extension ExpressionValue {
    fileprivate init(_ value: Metadata.Value) {
        switch value {
        case .null: self = .none
        case .bool(let bool): self = .bool(bool)
        case .integer(let integer): self = .integer(Int128(integer))
        case .real(let real): self = .real(real)
        case .string(let string): self = .string(string)
        case .array(let values): self = .list(values.map { ExpressionValue($0) })
        case .object(let object):
            self = .dictionary(object.entries.map { .init($0.key, ExpressionValue($0.value)) })
        }
    }
}
