// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import ModelCollectors

/// What an audit's scope leaves of a model.
enum ScopeCase {
    static func run(_ recorded: RecordedCase) throws {
        let xml = try recorded.text("input_model_xml")
        try recorded.checkingErrors {
            let scope = try AuditScope(recorded.json["audit_scope"] ?? [])
            let found: String
            switch try recorded.text("scope_type") {
            case "compute":
                let nova = recorded.json["nova"] ?? .null
                var warnings: [String] = []
                found = try scope.apply(
                    to: try ModelRoot(xml: xml),
                    groups: HostGroups(
                        aggregates: nova["aggregates"]?.array ?? [], services: nova["services"]?.array ?? []),
                    heedsMetadata: recorded.json["config"]?["check_optimize_metadata"]?.bool ?? false,
                    warnings: &warnings
                ).xml
            case "storage":
                let services = (recorded.json["cinder"]?["services"]?.array ?? []).map(APIForm.service)
                found = try scope.apply(to: try StorageModelRoot(xml: xml), services: services).xml
            default:
                found = try scope.apply(to: try BaremetalModelRoot(xml: xml)).xml
            }
            try recorded.checkNoErrorWasToCome()
            try Failure.unless(found, is: recorded.expected["model_xml"]?.string, "the model")
        }
    }
}
