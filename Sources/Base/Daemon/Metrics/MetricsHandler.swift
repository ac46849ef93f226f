// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
internal import Synchronization

/// Holds one figure, whatever kind it is.
final class MetricsHandler: CounterHandler, RecorderHandler, MeterHandler, TimerHandler {
    private let start: MetricsFigure.Value
    private let state: Mutex<MetricsFigure.Value>

    init(_ value: MetricsFigure.Value) {
        start = value
        state = Mutex(value)
    }

    var value: MetricsFigure.Value { state.withLock { $0 } }

    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
    func reset() { state.withLock { $0 = start } }
    func set(_ value: Int64) { state.withLock { $0 = .gauge(Double(value)) } }
    func set(_ value: Double) { state.withLock { $0 = .gauge(value) } }
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        state.withLock { state in
            if case .distribution(let count, let sum, let largest) = state {
                state = .distribution(count: count + 1, sum: sum + value, largest: max(largest, value))
            } else {
                state = .gauge(value)
            }
        }
    }

    private func add(_ amount: Double) {
        state.withLock { state in
            switch state {
            case .counter(let count): state = .counter(count.addingReportingOverflow(Int64(amount)).partialValue)
            case .gauge(let value): state = .gauge(value + amount)
            case .distribution: break
            }
        }
    }
}
