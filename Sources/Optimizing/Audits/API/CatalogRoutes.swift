// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Hummingbird
internal import Optimization
internal import Web

/// `/v1/goals` and `/v1/strategies`: what audits may be for, and how they may be done.
struct CatalogRoutes: Sendable {
    let runner: AuditRunner

    static let operations = [
        OpenAPI.Operation("GET", "/v1/goals", "The goals", answers: [200: "An object with goals"]),
        OpenAPI.Operation(
            "GET", "/v1/goals/{id}", "A goal, by its UUID or name", answers: [200: "The goal", 404: "None"]),
        OpenAPI.Operation("GET", "/v1/strategies", "The strategies", answers: [200: "An object with strategies"]),
        OpenAPI.Operation(
            "GET", "/v1/strategies/{id}", "A strategy, by its UUID or name",
            answers: [200: "The strategy", 404: "None"]
        ),
        OpenAPI.Operation(
            "GET", "/v1/strategies/{id}/state", "Whether what a strategy needs is there now",
            answers: [200: "A list of objects with type, state, mandatory and comment", 404: "None"]),
    ]

    func add(to router: RouterGroup<BasicRequestContext>) {
        let catalog = runner.catalog
        for path in ["/v1/goals", "/v1/goals/detail"] {
            router.get("\(path)") { request, _ in
                let base = RequestIntake.base(request)
                return Response.json(["goals": .array(catalog.goals.map { WatcherShapes.goal($0, base) })])
            }
        }
        router.get("/v1/goals/:id") { request, context in
            let id = try RequestIntake.id(context)
            guard let goal = catalog.goals.first(where: { $0.name == id || WatcherShapes.id(ofGoal: $0.name) == id })
            else { throw AuditProblem.none("goal", id) }
            return Response.json(WatcherShapes.goal(goal, RequestIntake.base(request)))
        }
        for path in ["/v1/strategies", "/v1/strategies/detail"] {
            router.get("\(path)") { request, _ in
                let base = RequestIntake.base(request)
                let rows = catalog.strategies.map { WatcherShapes.strategy($0.declaration, base) }
                return Response.json(["strategies": .array(rows)])
            }
        }
        router.get("/v1/strategies/:id") { request, context in
            Response.json(
                WatcherShapes.strategy(
                    try declaration(try RequestIntake.id(context)), RequestIntake.base(request)))
        }
        router.get("/v1/strategies/:id/state") { _, context in
            try await state(of: try declaration(try RequestIntake.id(context)))
        }
    }

    private func declaration(_ id: String) throws -> StrategyDeclaration {
        let all = runner.catalog.strategies.map(\.declaration)
        guard let found = all.first(where: { $0.name == id || WatcherShapes.id(ofStrategy: $0.name) == id }) else {
            throw AuditProblem.none("strategy", id)
        }
        return found
    }

    /// Four kinds of rows, as Watcher has them.
    @concurrent private func state(of declaration: StrategyDeclaration) async throws -> Response {
        let preferred = runner.settings.preferredDatasources(of: declaration.name)
        let datasource =
            declaration.metrics.isEmpty ? nil : runner.datasource(declaration.metrics, preferred)
        var models: [JSONValue] = []
        var comments: [String] = []
        for name in declaration.models {
            let status = await runner.models.status(of: name)
            let isThere = status?.synchronised != nil && status?.staleSince == nil
            models.append(.object(["\(name)_model": isThere ? "available" : "not available"]))
            if let since = status?.staleSince {
                comments.append("\(name) is stale since \(since): \(status?.reason ?? "")")
            } else if status == nil {
                comments.append("no collector makes \(name)")
            } else if status?.isAbsent == true {
                comments.append("\(name) is left out: \(status?.reason ?? "")")
            } else if !isThere {
                comments.append("\(name) is not built yet")
            }
        }
        func row(_ type: String, _ state: JSONValue, _ isNeeded: Bool, _ comment: String = "") -> JSONValue {
            ["type": .string(type), "state": state, "mandatory": .bool(isNeeded), "comment": .string(comment)]
        }
        let metrics = declaration.metrics.map { metric -> JSONValue in
            let isThere = runner.datasource([metric], preferred) != nil
            return .object(JSONObject([(metric, isThere ? "available" : "not available")]))
        }
        return Response.json([
            row("Datasource", .string(datasource.map { "\($0): available" } ?? "-"), !declaration.metrics.isEmpty),
            row("Metrics", .array(metrics), false),
            row("CDM", .array(models), true, comments.joined(separator: "; ")),
            row("Name", .string(declaration.name), false),
        ])
    }
}
