// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Daemon
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Telemetry
internal import Web

/// Everything that the service answers over HTTP, in Watcher's shapes.
struct AuditAPI: Sendable {
    let store: AuditStore
    let runner: AuditRunner
    /// Told when something may be due.
    let wake: @Sendable () -> Void
    /// Where this process' figures are.
    let metrics: MetricsMemory
    /// nil where none is needed.
    let credentials: CredentialsInForce
    let largestRequest: Int
    let version: String
    let log: Logger

    private static let health = OpenAPI.Operation(
        "GET", "/health", "Whether audits can be kept", answers: [200: "They can", 503: "They can't for now"],
        needsToken: false)
    private static let figures = OpenAPI.Operation(
        "GET", "/metrics", "The service's own figures, in Prometheus' text format", answers: [200: "The figures"])
    private static let description = OpenAPI.Operation(
        "GET", "/v1/openapi.json", "This text", answers: [200: "An OpenAPI 3.1 document"], needsToken: false)
    private static let services = OpenAPI.Operation(
        "GET", "/v1/services", "The engines that run audits", answers: [200: "An object with services"])

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: ProblemMiddleware(log: log))
        router.add(middleware: AuditProblemMiddleware())
        let description = OpenAPI(
            title: "Hypsometer audits", version: version,
            AuditRoutes.operations + PlanRoutes.operations + CatalogRoutes.operations
                + [Self.services, Self.health, Self.figures, Self.description]
        ).json
        router.get("/v1/openapi.json") { _, _ in Response(json: description) }
        router.get("/health") { _, _ in
            _ = try await store.engines()
            return Response.json(["status": "ok"])
        }
        let guarded = router.group()
        if credentials.areTokensNeeded { guarded.add(middleware: TokenMiddleware(credentials)) }
        let intake = RequestIntake(limit: largestRequest)
        AuditRoutes(store: store, draft: AuditDraft(runner: runner), intake: intake, wake: wake).add(to: guarded)
        PlanRoutes(store: store, intake: intake, wake: wake).add(to: guarded)
        CatalogRoutes(runner: runner).add(to: guarded)
        guarded.get("/v1/services") { _, _ in try await engines() }
        guarded.get("/metrics") { _, _ in
            Response(text: PrometheusText(metrics.figures).bytes, type: "text/plain; version=0.0.4")
        }
        return router
    }

    @concurrent private func engines() async throws -> Response {
        // Watcher's service is down after two missed reports; ours report four times in a lease.
        let rows = try await store.engines().map { engine -> JSONValue in
            let isUp = engine.seen > .now - .seconds(60)
            return [
                "id": .string(engine.id), "name": "hypsometer-audit", "host": .string(engine.host),
                "status": isUp ? "ACTIVE" : "FAILED", "started_at": WatcherShapes.time(engine.started),
                "last_seen_up": WatcherShapes.time(engine.seen),
            ]
        }
        return Response.json(["services": .array(rows)])
    }
}

/// Reads what requests bring, within bounds.
struct RequestIntake: Sendable {
    private let reader: RequestBodyReader
    private let budget: ByteBudget

    static let limit = QueryParameter<Int>("limit", help: "The most that are told (default 1000).", in: 1...10_000)
    static let marker = QueryParameter<String>("marker", help: "The UUID of the last one of the page before.")
    static let direction = QueryParameter<Direction>("sort_dir", help: "By the time of making (default asc).")

    enum Direction: String, CaseIterable, Sendable { case asc, desc }

    init(limit: Int) {
        reader = RequestBodyReader(limit: limit)
        budget = ByteBudget(16 * limit)
    }

    /// - Throws: ``AuditProblem`` where it is no JSON.
    func json(_ request: Request) async throws -> JSONValue {
        let body = try await budget.hold(ByteBudget.need(of: request, limit: reader.limit)) {
            try await reader.read(request)
        }
        do { return try JSONValue(parsing: String(buffer: body)) } catch {
            throw AuditProblem(.invalid, "The body is no JSON: \(error).")
        }
    }

    /// The path's UUID or name.
    static func id(_ context: BasicRequestContext) throws -> String {
        let text = try context.parameters.require("id")
        guard let id = text.removingPercentEncoding else {
            throw AuditProblem(.invalid, "The path has a segment that can't be decoded.")
        }
        return id
    }

    /// - Parameter filters: parameters with the columns that they are about.
    static func page(
        _ request: Request, _ filters: [(parameter: QueryParameter<String>, column: String)] = []
    ) throws -> AuditStore.Page {
        let query = try Query(
            request, names: ["limit", "marker", "sort_dir"] + filters.map(\.parameter.name))
        var page = AuditStore.Page()
        if let limit = try query(limit) { page.limit = limit }
        page.marker = try query(marker)
        page.isDescending = try query(direction) == .desc
        for (parameter, column) in filters {
            if let value = try query(parameter) { page.matches.append((column, value)) }
        }
        return page
    }

    static let parameters: [OpenAPI.Parameter] = [.init(limit), .init(marker), .init(direction)]

    /// An object with the rows under `key`, and the address of the next page where there may be one.
    static func list(
        _ key: String, _ rows: [JSONValue], _ page: AuditStore.Page, _ request: Request, _ path: String
    ) -> Response {
        var object: JSONObject = [key: .array(rows)]
        if rows.count == page.limit, let last = rows.last?["uuid"]?.string {
            let filters = page.isDescending ? "&sort_dir=desc" : ""
            object["next"] = .string("\(base(request))\(path)?limit=\(page.limit)&marker=\(last)\(filters)")
        }
        return Response.json(.object(object))
    }

    static func base(_ request: Request) -> String {
        "\(request.head.scheme ?? "http")://\(request.head.authority ?? "localhost")"
    }
}
