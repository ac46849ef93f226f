// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import DecisionEngine
import ModelCollectors
import Optimization

/// A strategy's decisions: actions, figures, moves.
enum StrategyCase {
    static func run(_ recorded: RecordedCase) async throws {
        guard let strategy = Strategies.named(try recorded.text("strategy")) else {
            throw Failure("no strategy \(try recorded.text("strategy"))")
        }
        let declaration = strategy.declaration
        try Failure.unless(declaration.goal, is: try recorded.text("goal"), "the goal")
        let solution: Solution
        do {
            let context = try context(of: recorded, for: strategy)
            if recorded.errorClass == nil {
                try Failure.unless(
                    .object(context.parameters.json), is: recorded.json["effective_parameters"], "parameters")
            }
            try await check(recorded.json["metric_queries"]?.array ?? [], areAmong: strategy, context.parameters)
            solution = try await strategy.execute(context)
            let efficacy = try Goals.all.first { $0.name == declaration.goal }?.efficacy(of: solution.indicators) ?? []
            guard recorded.errorClass == nil else {
                if recorded.errorClass == "python_crash" { return }
                throw Failure("no error, expected \(recorded.expected["error"]?.json ?? "")")
            }
            try check(solution, efficacy, recorded)
        } catch let error where !(error is Failure) {
            try recorded.check(error)
            return
        }
        try Failure.unless(declaration.planner, is: recorded.expected["planner"]?.string, "the planner")
    }

    private static func context(
        of recorded: RecordedCase, for strategy: some Strategy
    ) throws -> StrategyContext {
        let isStale = recorded.json["input_model_stale"]?.bool ?? false
        var models: [String: any Model] = [:]
        if let xml = recorded.json["input_model_xml"]?.string {
            var model = try ModelRoot(xml: xml)
            model.isStale = isStale
            models["compute"] = model
        }
        if let xml = recorded.json["input_storage_model_xml"]?.string {
            models["storage"] = try StorageModelRoot(xml: xml)
        }
        if let cinder = recorded.json["inputs"]?["cinder"] {
            models["block_storage"] = try BlockStorageInventory(json: cinder)
        }
        if let nodes = recorded.json["inputs"]?["metal_nodes"]?.array {
            models["metal"] = MetalInventory(
                machines: nodes.map { node in
                    MetalInventory.Machine(
                        id: node["id"]?.string ?? "", hostname: node["hostname"]?.string ?? "",
                        powerState: node["power_state"]?.string ?? "",
                        runningInstances: node["running_vms"]?.integer ?? 0,
                        hypervisorState: node["hypervisor_state"]?.string ?? "",
                        isUpWhenOff: node["hv_up_when_powered_off"]?.bool ?? false)
                })
        }
        return try StrategyContext(
            for: strategy, parameters: recorded.json["parameters"]?.object ?? [:],
            options: recorded.json["config"]?.object ?? [:], models: models,
            metrics: try MetricTable(json: recorded.json["metrics"] ?? [:]), isExplaining: true)
    }

    /// Whatever the real program asked for, ours says beforehand that it will ask for.
    private static func check(
        _ asked: [JSONValue], areAmong strategy: some Strategy, _ parameters: ParameterValues
    ) async throws {
        let planned = try await (strategy as? any MetricPlanning)?.queries(parameters) ?? []
        for query in asked {
            let isPlanned = planned.contains {
                $0.metric == query["metric"]?.string && $0.period == query["period"]?.number
                    && $0.aggregate == query["aggregate"]?.string && $0.granularity == query["granularity"]?.number
            }
            if !isPlanned { throw Failure("metrics are asked for unannounced: \(query.json)") }
        }
    }

    private static func check(_ solution: Solution, _ efficacy: [EfficacyIndicator], _ recorded: RecordedCase) throws {
        let expected = recorded.expected
        if let choice = expected["random_choice"] {
            try check(solution, isAmong: choice, recorded)
        } else {
            try Failure.unless(.array(solution.actions.map(\.json)), is: expected["actions"], "actions")
        }
        try Failure.unless(
            .object(JSONObject(solution.indicators.map { ($0.name, .real($0.value)) })),
            is: expected["efficacy_indicators"], "indicators")
        try Failure.unless(
            efficacy.isEmpty
                ? .null
                : .array(
                    efficacy.map { ["name": .string($0.name), "unit": .string($0.unit), "value": .real($0.value)] }),
            is: expected["global_efficacy"], "efficacy")

        var moves = JSONObject()
        if let after = solution.model, let xml = recorded.json["input_model_xml"]?.string {
            let before = try ModelRoot(xml: xml)
            for instance in before.allInstances {
                guard let old = before.uuidOfNode(of: instance.uuid), let new = after.uuidOfNode(of: instance.uuid),
                    old != new
                else { continue }
                moves[instance.uuid] = [.string(old), .string(new)]
            }
        }
        try Failure.unless(.object(moves), is: expected["simulated_placement_changes"], "moves")
    }

    /// What was chosen at random is of the right number, kind and group.
    private static func check(_ solution: Solution, isAmong choice: JSONValue, _ recorded: RecordedCase) throws {
        try Failure.unless(.integer(solution.actions.count), is: choice["count"], "the number chosen")
        let group = Set((choice["from_resource_ids"]?.array ?? []).compactMap(\.string))
        for action in solution.actions {
            guard group.contains(action.resourceID ?? "") else {
                throw Failure("\(action.json.json) isn't of the group")
            }
            try Failure.unless(action.parameters["state"] ?? .null, is: choice["target_state"], "the state")
        }
        if group.count == solution.actions.count {
            let found = Set(solution.actions)
            let wanted = (recorded.expected["actions"]?.array ?? []).count { action in
                found.contains { $0.resourceID == action["resource_id"]?.string }
            }
            guard wanted == group.count else { throw Failure("not all of the group were chosen") }
        }
    }
}

extension Solution.ProposedAction {
    var json: JSONValue {
        [
            "action_type": .string(type), "resource_id": resourceID.map(JSONValue.string) ?? .null,
            "input_parameters": .object(parameters),
        ]
    }
}

extension ModelRoot {
    fileprivate func uuidOfNode(of instance: String) -> String? {
        findInstance(uuid: instance).flatMap { nodeID(of: $0) }.map { self[$0].uuid }
    }
}
