// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import DecisionEngine
import Optimization

/// A planner's order of given actions.
enum PlannerCase {
    static func run(_ recorded: RecordedCase) async throws {
        do {
            let name = try recorded.text("planner")
            guard let planner = try Planners.named(name, options: recorded.json["config"]?.object ?? [:]) else {
                throw Failure("no planner \(name)")
            }
            let actions = (recorded.json["solution_actions"]?.array ?? []).map { action in
                Solution.ProposedAction(
                    type: action["action_type"]?.string ?? "", parameters: action["input_parameters"]?.object ?? [:])
            }
            let plan = try await planner.plan(actions)
            guard recorded.errorClass == nil || recorded.errorClass == "python_crash" else {
                throw Failure("no error, expected \(recorded.expected["error"]?.json ?? "")")
            }
            if recorded.errorClass != nil { return }
            let found = plan.actions.enumerated().map { index, action -> JSONValue in
                [
                    "index": .integer(index), "action_type": .string(action.type),
                    "input_parameters": .object(action.parameters),
                    "parents": action.parents.map { .array($0.map(JSONValue.integer)) } ?? .null,
                ]
            }
            try Failure.unless(.array(found), is: recorded.expected["plan"], "the plan")
            try Failure.unless(plan.state.rawValue, is: recorded.expected["action_plan_state"]?.string, "the state")
        } catch let error where !(error is Failure) {
            try recorded.check(error)
        }
    }
}

/// What scoring engines make of features.
enum ScoringCase {
    static func run(_ recorded: RecordedCase) async throws {
        for row in recorded.expected["rows"]?.array ?? [] {
            guard let engine = ScoringEngines.all.first(where: { $0.name == row["engine"]?.string }) else {
                throw Failure("no engine \(row["engine"]?.json ?? "")")
            }
            let score = try JSONValue(parsing: try await engine.score(features: row["features"]?.json ?? ""))
            try Failure.unless(score, is: row["result"], "the score by \(engine.name)")
        }
        let metainfo = try JSONValue(parsing: ScoringEngines.all.first { $0.name == "dummy_scorer" }?.metainfo ?? "")
        try Failure.unless(metainfo, is: recorded.json["metainfo"], "what features and scores mean")
    }
}
