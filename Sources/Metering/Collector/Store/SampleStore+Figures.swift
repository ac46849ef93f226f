// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
internal import Synchronization

extension SampleStore {
    /// How the store is doing.
    struct Figures: Sendable, Hashable {
        var waiting: Int
        var head: Int
        var series: Int
        /// Of the database's file, without what is free in it.
        var bytes: Int
        /// Why nothing can be stored just now; nil where it can.
        var failure: StoreError?

        func record(to factory: any MetricsFactory) {
            Gauge(label: "collector_queue_samples", factory: factory).record(waiting)
            Gauge(label: "collector_head_samples", factory: factory).record(head)
            Gauge(label: "collector_series", factory: factory).record(series)
            Gauge(label: "collector_database_size_bytes", factory: factory).record(bytes)
            Gauge(label: "collector_store_failing", factory: factory).record(failure == nil ? 0 : 1)
        }
    }

    func figures() async throws(StoreError) -> Figures {
        do {
            let bytes = try await bytesInUse()
            let series = catalog.withLock { $0.series.count }
            return Figures(
                waiting: waiting, head: head.count, series: series, bytes: bytes, failure: failure)
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
