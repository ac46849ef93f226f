// SPDX-License-Identifier: Apache-2.0
import Daemon
import Logging
import Synchronization
import Telemetry
import TestSupport

@testable import Collector

extension Sample {
    /// - Parameter second: of the day 2026-11-21, in UTC.
    static func of(
        _ meter: String, _ volume: Volume, kind: Meter.Kind = .gauge, unit: String = "%", resource: String = "vm-1",
        second: Double, project: String? = "p1", metadata: Metadata = ["status": "active"]
    ) -> Sample {
        let time = Timestamp(microseconds: Self.day.microseconds + Int64(second * 1_000_000))
        let cycle = PollingCycle(number: 1, timestamp: time, deadline: .now, meters: [meter])
        let resource = Resource(id: resource, projectID: project, userID: "u1", metadata: metadata)
        return Sample(Meter(meter, kind, unit: unit), volume, of: resource, in: cycle)
    }

    /// 2026-11-21T00:00:00 UTC.
    static let day = Timestamp(microseconds: 1_795_219_200_000_000)
}

/// A store over a database of the test's own, at work.
struct OpenStore {
    let store: SampleStore
    private let metrics = MetricsMemory()
    private let working: Task<Void, Never>

    init(_ path: String, limits: SampleStore.Limits = .init(), log: LogMemory = LogMemory()) async throws {
        let store = try await SampleStore.open(path, limits: limits, log: log.logger, metrics: metrics)
        self.store = store
        working = Task { await store.run() }
    }

    @discardableResult
    func append(_ samples: [Sample]) async throws -> SampleStore.Receipt {
        try await store.append(store.arrivals(samples))
    }

    /// Points that were deleted since the start.
    var expired: Int {
        let figure = metrics.figures.first { $0.name == "collector_samples_expired_total" }
        guard case .counter(let count)? = figure?.value else { return 0 }
        return Int(count)
    }

    func close() async {
        store.stop()
        await working.value
    }

    /// Each series' volumes in their order, by `meter resource`.
    func volumes() async throws -> [String: [Volume]] {
        let catalog = store.catalog.withLock { $0 }
        let all = try await store.read(catalog.series.all, from: .min, through: .max) { series, points in
            (series, points.map(\.volume))
        }
        return Dictionary(
            uniqueKeysWithValues: all.compactMap { id, volumes in
                guard let series = catalog.series[id], let meter = catalog.meters[series.meter],
                    let resource = catalog.resources[series.resource]
                else { return nil }
                return ("\(meter.name) \(resource)", volumes)
            })
    }
}
