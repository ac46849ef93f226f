// SPDX-License-Identifier: Apache-2.0
import ClusterModel

/// Answers of the service that runs audits, as tables.
enum AuditTables {
    static func audits(_ answer: JSONValue) -> [[String]] {
        FleetTable.rows(
            answer["audits"],
            [
                "UUID": "uuid", "NAME": "name", "TYPE": "audit_type", "STATE": "state", "STRATEGY": "strategy_name",
                "NEXT RUN": "next_run_time", "MESSAGE": "status_message",
            ])
    }

    static func plans(_ answer: JSONValue) -> [[String]] {
        FleetTable.rows(
            answer["action_plans"],
            [
                "UUID": "uuid", "STATE": "state", "STRATEGY": "strategy_name", "CREATED": "created_at",
                "MESSAGE": "status_message",
            ])
    }

    static func actions(_ answer: JSONValue) -> [[String]] {
        [["UUID", "ACTION", "OF", "DETAILS", "STATE"]]
            + (answer["actions"]?.array ?? []).map { action in
                let parameters = action["input_parameters"]
                let details =
                    parameters?.object?.entries.filter { !["resource_id", "resource_name"].contains($0.key) }
                    .map { "\($0.key)=\($0.value.string ?? $0.value.json)" }.joined(separator: " ") ?? ""
                return [
                    FleetTable.cell(action["uuid"]), FleetTable.cell(action["action_type"]),
                    FleetTable.cell(parameters?["resource_name"] ?? parameters?["resource_id"]), details,
                    FleetTable.cell(action["state"]),
                ]
            }
    }

    /// Fields of one thing, a line each, without what only programs follow.
    static func fields(_ value: JSONValue) -> [[String]] {
        var object = value.object ?? [:]
        object["links"] = nil
        if let indicators = object["global_efficacy"]?.array { object["global_efficacy"] = text(indicators) }
        if let indicators = object["efficacy_indicators"]?.array { object["efficacy_indicators"] = text(indicators) }
        return FleetTable.fields(.object(object))
    }

    private static func text(_ indicators: [JSONValue]) -> JSONValue {
        let texts = indicators.map { indicator in
            let unit = indicator["unit"]?.string ?? ""
            return
                "\(indicator["name"]?.string ?? "") \(indicator["value"]?.json ?? "")\(unit.isEmpty ? "" : " \(unit)")"
        }
        return texts.isEmpty ? .null : .string(texts.joined(separator: ", "))
    }
}
