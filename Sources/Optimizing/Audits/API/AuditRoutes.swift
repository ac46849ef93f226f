// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import HTTPTypes
internal import Hummingbird
internal import Telemetry
internal import Web

/// `/v1/audits` and `/v1/webhooks`.
struct AuditRoutes: Sendable {
    let store: AuditStore
    let draft: AuditDraft
    let intake: RequestIntake
    let wake: @Sendable () -> Void

    private static let state = QueryParameter<String>("state", help: "Those in this state.")
    private static let goal = QueryParameter<String>("goal", help: "Those for this goal, by its name.")
    private static let strategy = QueryParameter<String>("strategy", help: "Those by this strategy, by its name.")
    private static let filters = [(state, "state"), (goal, "goal"), (strategy, "strategy")]

    static let operations = [
        OpenAPI.Operation(
            "GET", "/v1/audits", "The audits",
            parameters: RequestIntake.parameters + [.init(state), .init(goal), .init(strategy)],
            answers: [200: "An object with audits and, where there may be more, next"]),
        OpenAPI.Operation(
            "POST", "/v1/audits", "Keeps a new audit; it runs as its audit_type says", takes: ["application/json"],
            answers: [201: "The audit", 400: "Something in it is wrong", 409: "There is one of that name"]),
        OpenAPI.Operation(
            "GET", "/v1/audits/{id}", "An audit, by its UUID or name", answers: [200: "The audit", 404: "None"]),
        OpenAPI.Operation(
            "PATCH", "/v1/audits/{id}", "Changes an audit by a JSON patch", takes: ["application/json"],
            answers: [200: "The audit", 400: "The patch is wrong", 404: "None", 409: "It can't become so now"]),
        OpenAPI.Operation(
            "DELETE", "/v1/audits/{id}", "Deletes an audit that has ended",
            answers: [204: "It is deleted", 404: "None", 409: "It hasn't ended"]),
        OpenAPI.Operation(
            "POST", "/v1/webhooks/{id}", "Runs an audit of the type EVENT",
            answers: [202: "It will run", 400: "It is of another type", 404: "None", 409: "It has been cancelled"]),
    ]

    func add(to router: RouterGroup<BasicRequestContext>) {
        for path in ["/v1/audits", "/v1/audits/detail"] {
            router.get("\(path)") { request, _ in
                let page = try RequestIntake.page(request, Self.filters)
                let base = RequestIntake.base(request)
                let rows = try await store.audits(page).map { shape($0, base) }
                return RequestIntake.list("audits", rows, page, request, path)
            }
        }
        router.post("/v1/audits") { request, _ in
            let audit = try await store.add(try draft.make(try await intake.json(request)))
            wake()
            return Response.json(shape(audit, RequestIntake.base(request)), .created)
        }
        router.get("/v1/audits/:id") { request, context in
            Response.json(shape(try await store.audit(try RequestIntake.id(context)), RequestIntake.base(request)))
        }
        router.patch("/v1/audits/:id") { request, context in
            let patch = try await intake.json(request)
            let audit = try await store.change(try RequestIntake.id(context)) { [draft] audit in
                try draft.change(&audit, by: patch)
            }
            wake()
            return Response.json(shape(audit, RequestIntake.base(request)))
        }
        router.delete("/v1/audits/:id") { _, context in
            _ = try await store.change(try RequestIntake.id(context)) { $0.state = .deleted }
            return Response(status: .noContent)
        }
        router.post("/v1/webhooks/:id") { _, context in
            try await store.trigger(try RequestIntake.id(context))
            wake()
            return Response(status: .accepted)
        }
    }

    private func shape(_ audit: AuditRecord, _ base: String) -> JSONValue {
        WatcherShapes.audit(audit, draft.runner.catalog, base)
    }
}
