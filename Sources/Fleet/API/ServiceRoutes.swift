// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import CoreMetrics
internal import Daemon
internal import FleetExtensions
internal import GRDB
internal import Hummingbird
internal import Web

/// What there is to know about the service itself, and what has happened.
struct ServiceRoutes: Sendable {
    let inventory: Inventory
    let host: ExtensionHost
    let heartbeats: Heartbeats
    let metrics: MetricsMemory
    /// The OpenAPI text, which has these routes too.
    let description: @Sendable () -> [UInt8]

    private static let after = QueryParameter<Int>(
        "after", help: "Only later ones than the event of this number.", in: 0...Int.max)
    private static let before = QueryParameter<Int>(
        "before", help: "Only older ones than the entry of this id.", in: 0...Int.max)
    private static let limit = QueryParameter<Int>(
        "limit", help: "How many an answer has at most (default 100).", in: 1...1000)

    var all: [FleetRoute] {
        [
            FleetRoute(
                "GET", "/health", "Whether the database can be read", for: .nobodyInParticular, answers: [200: "It can"]
            ) { _ in
                _ = try await inventory.read { try EventRows.last($0) }
                return .json(["status": "ok"])
            },
            FleetRoute(
                "GET", "/v1/openapi.json", "This text", for: .nobodyInParticular,
                answers: [200: "An OpenAPI 3.1 document"]
            ) {
                _ in Response(json: description())
            },
            FleetRoute(
                "GET", "/metrics", "The service's own figures, in Prometheus' text format", for: .readers,
                answers: [200: "The figures"]
            ) { _ in
                try await record()
                return Response(text: PrometheusText(metrics.figures).bytes, type: "text/plain; version=0.0.4")
            },
            FleetRoute(
                "GET", "/v1/events", "What has happened, in its order", for: .readers,
                parameters: [.init(Self.after), .init(Self.limit)], answers: [200: "An object with events"]
            ) { request in
                let query = try request.query([.init(Self.after), .init(Self.limit)])
                let (after, limit) = (try query(Self.after) ?? 0, try query(Self.limit) ?? 100)
                let events = try await inventory.read { try EventRows.after(after, limit: limit, $0) }
                return .json(["events": .array(events.map { .object($0.json) })])
            },
            FleetRoute(
                "GET", "/v1/audit", "Who changed what, and who was refused; the newest first", for: .admins,
                parameters: [.init(Self.before), .init(Self.limit)], answers: [200: "An object with entries"]
            ) { request in
                let query = try request.query([.init(Self.before), .init(Self.limit)])
                let (before, limit) = (try query(Self.before) ?? Int.max, try query(Self.limit) ?? 100)
                let entries = try await inventory.read { try AuditRows.before(before, limit: limit, $0) }
                return .json(["entries": .array(entries.map { .object($0) })])
            },
        ]
    }

    private func record() async throws {
        let nodes = heartbeats.count
        Gauge(label: "fleet_nodes", factory: metrics).record(nodes.known)
        Gauge(label: "fleet_nodes_online", factory: metrics).record(nodes.online)
        let last = try await inventory.read { try EventRows.last($0) }
        Gauge(label: "fleet_last_event", factory: metrics).record(last)
        for entry in host.extensions {
            let (labels, now) = ([("extension", entry.name)], entry.now)
            Gauge(label: "fleet_extension_running", dimensions: labels, factory: metrics)
                .record(now.state == .running ? 1 : 0)
            Gauge(label: "fleet_extension_pending_events", dimensions: labels, factory: metrics)
                .record(max(0, last - now.delivered))
            Gauge(label: "fleet_extension_calls", dimensions: labels, factory: metrics).record(now.calls)
            Gauge(label: "fleet_extension_refused_statements", dimensions: labels, factory: metrics)
                .record(now.refusedStatements)
            Gauge(label: "fleet_extension_failed_calls", dimensions: labels, factory: metrics).record(now.failedCalls)
        }
    }
}
