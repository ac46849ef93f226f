// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Web
internal import Wire

/// Everything that the collector answers over HTTP.
struct CollectorAPI: Sendable {
    let intake: IntakeRoute
    let store: SampleStore
    let counters: CollectorCounters
    /// Where this process' figures are.
    let metrics: MetricsMemory
    /// nil where none is needed.
    let credentials: CredentialsInForce
    let hasDashboard: Bool
    let version: String
    let log: Logger

    private static let health = OpenAPI.Operation(
        "GET", "/health", "Whether samples can be stored",
        answers: [200: "They can", 503: "They can't for now; detail says why"], needsToken: false)
    private static let figures = OpenAPI.Operation(
        "GET", "/metrics", "The collector's own figures, in Prometheus' text format", answers: [200: "The figures"])
    private static let description = OpenAPI.Operation(
        "GET", "/v1/openapi.json", "This text", answers: [200: "An OpenAPI 3.1 document"], needsToken: false)

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: ProblemMiddleware(log: log))
        let description = OpenAPI(
            title: "Hypsometer collector", version: version,
            [
                IntakeRoute.operation, SamplesRoute.operation, MeasuresRoute.operation, MetersRoute.operation,
                ResourcesRoute.operation, HostsRoute.operation, InstancesRoute.operation, TopRoute.operation,
                Self.health, Self.figures, Self.description,
            ]
        ).json
        router.get("/v1/openapi.json") { _, _ in Response(json: description) }
        router.get("/health") { _, _ in try await health() }

        if hasDashboard { DashboardRoutes.add(to: router) }

        let guarded = router.group()
        if credentials.areTokensNeeded {
            guarded.add(middleware: TokenMiddleware(credentials) { counters[.http].count(refused: .token) })
        }
        let (samples, measures) = (SamplesRoute(store: store), MeasuresRoute(store: store))
        let (meters, resources) = (MetersRoute(store: store), ResourcesRoute(store: store))
        guarded.post("/v1/samples") { request, _ in try await intake(request) }
        guarded.get("/v1/samples") { request, _ in try await samples(request) }
        guarded.get("/v1/measures") { request, _ in try await measures(request) }
        guarded.get("/v1/meters") { request, _ in try await meters(request) }
        guarded.get("/v1/resources") { request, _ in try await resources(request) }
        let inventory = InventoryReader(store: store)
        let (hosts, instances) = (HostsRoute(reader: inventory), InstancesRoute(reader: inventory))
        let top = TopRoute(reader: inventory)
        guarded.get("/v1/hosts") { request, _ in try await hosts(request) }
        guarded.get("/v1/instances") { request, _ in try await instances(request) }
        guarded.get("/v1/top") { request, _ in try await top(request) }
        guarded.get("/metrics") { _, _ in
            try await store.figures().record(to: metrics)
            return Response(text: PrometheusText(metrics.figures).bytes, type: "text/plain; version=0.0.4")
        }
        return router
    }

    @concurrent private func health() async throws -> Response {
        if let failure = try await store.figures().failure {
            throw Problem(.serviceUnavailable, "\(failure).", retryAfter: 10)
        }
        return Response(json: Array("{\"status\":\"ok\"}\n".utf8))
    }
}
