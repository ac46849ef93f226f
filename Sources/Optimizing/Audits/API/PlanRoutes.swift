// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import HTTPTypes
internal import Hummingbird
internal import Web

/// `/v1/action_plans` and `/v1/actions`.
struct PlanRoutes: Sendable {
    let store: AuditStore
    let intake: RequestIntake
    /// Audits may have waited for the end of a plan.
    let wake: @Sendable () -> Void

    private static let audit = QueryParameter<String>("audit_uuid", help: "Those of this audit.")
    private static let state = QueryParameter<String>("state", help: "Those in this state.")
    private static let strategy = QueryParameter<String>("strategy", help: "Those by this strategy, by its name.")
    private static let plan = QueryParameter<String>("action_plan_uuid", help: "Those of this plan.")
    private static let filters = [(audit, "audit"), (state, "state"), (strategy, "strategy")]

    private static let changed: KeyValuePairs = [
        200: "It as it is now", 400: "The patch is wrong", 404: "None", 409: "It can't become so now",
    ]

    static let operations = [
        OpenAPI.Operation(
            "GET", "/v1/action_plans", "The plans that audits made",
            parameters: RequestIntake.parameters + [.init(audit), .init(state), .init(strategy)],
            answers: [200: "An object with action_plans and, where there may be more, next"]),
        OpenAPI.Operation(
            "GET", "/v1/action_plans/{id}", "A plan", answers: [200: "The plan", 404: "None"]),
        OpenAPI.Operation(
            "PATCH", "/v1/action_plans/{id}", "Changes a plan's state, by a JSON patch", takes: ["application/json"],
            answers: changed),
        OpenAPI.Operation(
            "POST", "/v1/action_plans/{id}/start", "Says that a plan is to be carried out: it becomes PENDING",
            answers: [200: "The plan", 404: "None", 409: "It isn't recommended any more"]),
        OpenAPI.Operation(
            "DELETE", "/v1/action_plans/{id}", "Deletes a plan that isn't being carried out",
            answers: [204: "It is deleted", 404: "None", 409: "It is being carried out"]),
        OpenAPI.Operation(
            "GET", "/v1/actions", "The actions of plans",
            parameters: RequestIntake.parameters + [.init(plan), .init(state)],
            answers: [200: "An object with actions and, where there may be more, next"]),
        OpenAPI.Operation("GET", "/v1/actions/{id}", "An action", answers: [200: "The action", 404: "None"]),
        OpenAPI.Operation(
            "PATCH", "/v1/actions/{id}",
            "Tells how an action is getting on, by a JSON patch of state and status_message; the plan follows",
            takes: ["application/json"], answers: changed),
    ]

    func add(to router: RouterGroup<BasicRequestContext>) {
        for path in ["/v1/action_plans", "/v1/action_plans/detail"] {
            router.get("\(path)") { request, _ in
                let page = try RequestIntake.page(request, Self.filters)
                let base = RequestIntake.base(request)
                let rows = try await store.plans(page).map { WatcherShapes.plan($0, base) }
                return RequestIntake.list("action_plans", rows, page, request, path)
            }
        }
        router.get("/v1/action_plans/:id") { request, context in
            Response.json(
                WatcherShapes.plan(
                    try await store.plan(try RequestIntake.id(context)), RequestIntake.base(request)))
        }
        router.post("/v1/action_plans/:id/start") { request, context in
            let plan = try await store.setPlan(
                try RequestIntake.id(context), to: .pending, message: "waits for whoever carries plans out")
            return Response.json(WatcherShapes.plan(plan, RequestIntake.base(request)))
        }
        router.patch("/v1/action_plans/:id") { request, context in
            let (state, message) = try await change(request, PlanRecord.State.self)
            let plan = try await store.setPlan(try RequestIntake.id(context), to: state, message: message)
            wake()
            return Response.json(WatcherShapes.plan(plan, RequestIntake.base(request)))
        }
        router.delete("/v1/action_plans/:id") { _, context in
            _ = try await store.setPlan(try RequestIntake.id(context), to: .deleted)
            return Response(status: .noContent)
        }
        addActions(to: router)
    }

    private func addActions(to router: RouterGroup<BasicRequestContext>) {
        for path in ["/v1/actions", "/v1/actions/detail"] {
            router.get("\(path)") { request, _ in
                let page = try RequestIntake.page(request, [(Self.plan, "plan"), (Self.state, "state")])
                let base = RequestIntake.base(request)
                let rows = try await store.actions(page).map { WatcherShapes.action($0, base) }
                return RequestIntake.list("actions", rows, page, request, path)
            }
        }
        router.get("/v1/actions/:id") { request, context in
            Response.json(
                WatcherShapes.action(
                    try await store.action(try RequestIntake.id(context)), RequestIntake.base(request)))
        }
        router.patch("/v1/actions/:id") { request, context in
            let (state, message) = try await change(request, ActionRecord.State.self)
            let action = try await store.setAction(try RequestIntake.id(context), to: state, message: message)
            wake()
            return Response.json(WatcherShapes.action(action, RequestIntake.base(request)))
        }
    }

    private func change<State: RawRepresentable & CaseIterable & Sendable>(
        _ request: Request, _ type: State.Type
    ) async throws -> (State, String?) where State.RawValue == String {
        let fields = try AuditDraft.fields(try await intake.json(request), ["state", "status_message"])
        guard let state = try fields.word("state", type) else {
            throw AuditProblem(
                .invalid,
                "The patch sets no state; allowed: one of \(State.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return (state, try fields.text("status_message"))
    }
}
