// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Proposes the actions that it is given.
public struct Actuator: Strategy {
    public init() {}

    public let declaration = StrategyDeclaration(
        name: "actuator", displayName: "Actuator", goal: "unclassified",
        parameters: [
            Parameter(
                "actions",
                .list(
                    .object(
                        [
                            Parameter("action_type", .text(), isRequired: true),
                            Parameter("input_parameters", .object([], isOpen: true), isRequired: true),
                            Parameter("resource_id", .text()),
                        ], isOpen: true)),
                isRequired: true, help: "What to propose.")
        ])

    public func execute(_ context: StrategyContext) throws -> Solution {
        try context.solve { _, solution in
            for action in context.parameters["actions"]?.array ?? [] {
                try solution.add(
                    type: action["action_type"]?.string ?? "", parameters: action["input_parameters"]?.object ?? [:],
                    resourceID: action["resource_id"]?.string)
            }
        }
    }
}

/// Proposes two messages and a pause, whatever the cluster is like: shows that an audit works.
public struct Dummy: Strategy {
    public init() {}

    static let parameters = [
        Parameter("para1", .number(minimum: 1.0, maximum: 10.2), default: 3.2, help: "Seconds to sleep."),
        Parameter("para2", .text(), default: "hello", help: "The second message."),
    ]

    public let declaration = StrategyDeclaration(
        name: "dummy", displayName: "Dummy strategy", goal: "dummy", parameters: Dummy.parameters)

    public func execute(_ context: StrategyContext) throws -> Solution {
        try context.solve { _, solution in
            solution.add(Nop(message: "hello World"))
            solution.add(Nop(message: context.parameters.text("para2")))
            solution.add(Sleep(duration: context.parameters.number("para1")))
        }
    }
}

/// As ``Dummy``, with two migrations and a resize of instances that don't exist.
public struct DummyWithResize: Strategy {
    public init() {}

    public let declaration = StrategyDeclaration(
        name: "dummy_with_resize", displayName: "Dummy strategy with resize", goal: "dummy",
        parameters: Dummy.parameters)

    public func execute(_ context: StrategyContext) throws -> Solution {
        let instances = ["b199db0c-1408-4d52-b5a5-5ca14de0ff36", "8db1b3c1-7938-4c34-8c03-6de14b874f8f"]
        return try context.solve { _, solution in
            solution.add(Nop(message: "hello World"))
            solution.add(Nop(message: "Welcome"))
            solution.add(Sleep(duration: 5))
            for instance in instances { solution.add(Migrate(instance: instance, from: "compute2", to: "compute3")) }
            solution.add(Resize(instance: instances[1], flavor: "x2"))
        }
    }
}

/// Scores workloads made up at random by the sample scoring engines, and leaves the scores as messages.
public struct DummyWithScorer: Strategy {
    public init() {}

    public let declaration = StrategyDeclaration(
        name: "dummy_with_scorer", displayName: "Dummy Strategy using sample Scoring Engines", goal: "dummy",
        parameters: [
            Parameter("param1", .number(minimum: 1.0, maximum: 10.2), default: 3.2),
            Parameter("param2", .text(), default: "hello"),
        ])

    public func execute(_ context: StrategyContext) throws -> Solution {
        var random = SeededGenerator(seed: context.seed)
        func number(upTo bound: Int) -> Int { Int.random(in: 0...bound, using: &random) }
        let memory = 4_294_967_296
        let features = [
            number(upTo: 100), memory, number(upTo: memory), number(upTo: 10_000), number(upTo: 10_000),
            number(upTo: 104_857_600), number(upTo: 104_857_600), number(upTo: 1_048_576), number(upTo: 1_048_576),
        ]
        let workload = try WorkloadScorer().score(features: JSONValue.array(features.map(JSONValue.integer)).json)
        let averages = try AggregateScorer(.average).score(
            features: JSONValue.array(features.prefix(1).map(JSONValue.integer)).json)
        return try context.solve { _, solution in
            solution.add(Nop(message: "workload and probabilities: \(workload)"))
            solution.add(Nop(message: "average of processor time: \(averages)"))
        }
    }
}
