// SPDX-License-Identifier: Apache-2.0
package import CoreMetrics
internal import Synchronization

/// What this process counts and measures of itself, kept in memory: for a line in the log now and then, and for
/// whoever asks. Small and flat: a figure has one entry, however often it is recorded.
package final class MetricsMemory: MetricsFactory {
    private struct Key: Hashable {
        var name: String
        var labels: [[String]]

        init(_ label: String, _ dimensions: [(String, String)]) {
            name = label
            labels = dimensions.map { [$0.0, $0.1] }
        }
    }

    private let handlers = Mutex<[Key: MetricsHandler]>([:])

    package init() {}

    /// Everything recorded so far, by name and labels.
    package var figures: [MetricsFigure] {
        let all = handlers.withLock { $0 }
        return all.map { key, handler in
            MetricsFigure(name: key.name, labels: key.labels.map { ($0[0], $0[1]) }, value: handler.value)
        }.sorted { ($0.name, $0.labelText) < ($1.name, $1.labelText) }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        handler(label, dimensions, .counter(0))
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        handler(label, dimensions, aggregate ? .distribution(count: 0, sum: 0, largest: 0) : .gauge(0))
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        handler(label, dimensions, .gauge(0))
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        handler(label, dimensions, .distribution(count: 0, sum: 0, largest: 0))
    }

    package func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { forget(handler) }

    private func handler(
        _ label: String, _ dimensions: [(String, String)], _ value: MetricsFigure.Value
    ) -> MetricsHandler {
        let key = Key(label, dimensions)
        return handlers.withLock { handlers in
            if let known = handlers[key] { return known }
            let made = MetricsHandler(value)
            handlers[key] = made
            return made
        }
    }

    private func forget(_ handler: AnyObject) {
        handlers.withLock { handlers in handlers = handlers.filter { $0.value !== handler } }
    }
}
