// SPDX-License-Identifier: Apache-2.0

/// One thing that a process counts or measures of itself, as of now.
package struct MetricsFigure: Sendable {
    package enum Value: Sendable, Hashable {
        /// Since the start.
        case counter(Int64)
        case gauge(Double)
        /// Of what was recorded since the start; times are in seconds.
        case distribution(count: Int64, sum: Double, largest: Double)
    }

    package var name: String
    package var labels: [(name: String, value: String)]
    package var value: Value

    /// As `interval=300,source=a`.
    package var labelText: String { labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",") }
}

extension MetricsFigure: CustomStringConvertible {
    /// For the log: `0.25 mean, 1.5 at most` for a distribution.
    package var description: String {
        switch value {
        case .counter(let count): "\(count)"
        case .gauge(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
        case .distribution(0, _, _): "none"
        case .distribution(let count, let sum, let largest):
            "\(Self.short(sum / Double(count))) mean, \(Self.short(largest)) at most"
        }
    }

    /// With three decimals.
    private static func short(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
