// SPDX-License-Identifier: Apache-2.0
internal import JSONText

/// Goals, strategies, planners, scoring engines and collectors.
extension LoadedEntries {
    func offer(of entryPoint: EntryPoint) throws -> StartAnswer.Entry.Offer? {
        switch entryPoint.kind {
        case .goal(let goal): return .goal(goal)
        case .strategy(let strategy, _):
            return .strategy(strategy.declaration, plansMetrics: strategy is any MetricPlanning)
        case .planner(let options, let make):
            _ = try made(entryPoint, make)
            return .planner(options: options)
        case .scoringEngine(let make):
            let engine = try made(entryPoint, make)
            guard engine.name == entryPoint.name else {
                throw RPCError(.failed, "the scoring engine calls itself \(engine.name)")
            }
            return .scoringEngine(summary: engine.summary, metainfo: engine.metainfo)
        case .collector(let kind, let options, _, let make):
            let collector = try made(entryPoint, make)
            return .collector(
                kind: kind, options: options, filters: collector.notificationEndpoints.map(\.filterRule))
        case .pollster, .discovery, .publisher, .notifications, .fleetExtension: return nil
        }
    }

    /// Answers a call of one of theirs.
    func decide(_ method: String, _ parameters: WireValue) async throws -> WireValue {
        let name = try parameters.text("name")
        let namespace = try parameters.text("namespace")
        let entryPoint = try entryPoint(namespace, name)
        switch (PluginProtocol.Method(rawValue: method), entryPoint.kind) {
        case (.execute?, .strategy(let strategy, let models)):
            return try await execute(strategy, models, try ExecuteMessage(parameters))
        case (.queries?, .strategy(let strategy as any MetricPlanning, _)):
            let values = ParameterValues(
                try strategy.declaration.parameters.effective(try parameters.jsonObject("parameters")))
            return .object(["queries": .array(try await strategy.queries(values).map(\.message))])
        case (.plan?, .planner(_, let make)):
            return PlanMessage.value(
                try await made(entryPoint, make).plan(try PlanMessage.actions(parameters)))
        case (.score?, .scoringEngine(let make)):
            let score = try await made(entryPoint, make).score(features: try parameters.text("features"))
            return .object(["score": .string(score)])
        case (.execute?, .collector(_, _, _, let make)):
            return try answer(try await made(entryPoint, make).execute())
        case (.info?, .collector(_, _, let models, let make)):
            let endpoints = try made(entryPoint, make).notificationEndpoints
            let index = try parameters.integer("endpoint")
            guard endpoints.indices.contains(index) else {
                throw RPCError(.invalidParameters, "\(name) has no notification endpoint \(index)")
            }
            return try answer(
                try await endpoints[index].info(
                    try Notification(message: parameters["notification"] ?? .null),
                    model: try ModelMessage.model(parameters["model"], of: models)))
        default:
            throw RPCError(.unknownMethod, "[\(namespace)] \(name) has no method \(WireValue.string(method).shown)")
        }
    }

    private func execute(
        _ strategy: some Strategy, _ types: [any JSONModel.Type], _ message: ExecuteMessage
    ) async throws -> WireValue {
        var models: [String: any Model] = [:]
        for (name, value) in message.models {
            do throws(WireError) {
                models[name] = try ModelMessage.model(value, of: types)
            } catch {
                throw error.inside(name)
            }
        }
        let context = try StrategyContext(
            for: strategy, parameters: message.parameters, options: message.options, models: models,
            metrics: message.metrics, seed: message.seed, isExplaining: message.isExplaining)
        return SolutionMessage.value(try await strategy.execute(context))
    }

    private func answer(_ model: any Model) throws(WireError) -> WireValue {
        .object(["model": try ModelMessage.value(model), "text": .string(model.text)])
    }

    private func made<Contract: Sendable>(
        _ entryPoint: EntryPoint, _ make: (PluginContext) throws -> Contract
    ) throws -> Contract {
        try made(
            .other(namespace: entryPoint.namespace, name: entryPoint.name), entryPoint.namespace, entryPoint.name,
            make)
    }
}

extension EntryPoint {
    /// What an operator set, with the defaults of what isn't.
    func filled(_ options: [String: String]) -> [String: String] {
        switch kind {
        case .planner(let declared, _), .collector(_, let declared, _, _):
            var options = options
            for option in declared where options[option.name] == nil {
                if let fallback = option.fallback, fallback != .null {
                    options[option.name] = fallback.configurationText
                }
            }
            return options
        default: return options
        }
    }
}

extension JSONValue {
    /// As an operator would write it: words with commas between them, pairs with colons.
    fileprivate var configurationText: String {
        switch self {
        case .string(let text): text
        case .array(let values): values.map(\.configurationText).joined(separator: ",")
        case .object(let object): object.entries.map { "\($0.key):\($0.value.json)" }.joined(separator: ",")
        default: json
        }
    }
}
