// SPDX-License-Identifier: Apache-2.0

/// The loads of nodes by several metrics, and how far apart they are.
///
/// Its sums run over all nodes in one order each time: whether one move is better than another may hang on the last
/// digit. What a move would lead to is first estimated in constant time, and only counted out where the estimate
/// leaves it open.
struct LoadTable {
    /// What an instance adds to its node, by metric.
    typealias Change = [(source: Double, destination: Double)]

    /// By metric and node, as measured.
    private(set) var loads: [[Double]]
    /// By metric and node: what a load is divided by before it is compared; nil for nothing.
    private let sizes: [[Double]?]
    private let weights: [Double]

    /// By metric, of the loads as they are: the mean, and the sums of the distances to it and of their squares.
    private var means: [Double] = []
    private var distances: [(sum: Double, squares: Double)] = []

    init(loads: [[Double]], sizes: [[Double]?], weights: [Double]) {
        self.loads = loads
        self.sizes = sizes
        self.weights = weights
        summarize()
    }

    private func normalized(_ load: Double, _ metric: Int, _ node: Int) -> Double {
        guard let sizes = sizes[metric] else { return load }
        return load / sizes[node]
    }

    private mutating func summarize() {
        means = []
        distances = []
        for metric in loads.indices {
            let values = loads[metric].indices.map { normalized(loads[metric][$0], metric, $0) }
            let mean = values.reduce(0, +) / Double(max(values.count, 1))
            means.append(mean)
            distances.append(
                values.reduce(into: (sum: 0, squares: 0)) { sums, value in
                    sums.sum += value - mean
                    sums.squares += (value - mean) * (value - mean)
                })
        }
    }

    /// The population standard deviation of a metric; 0 without nodes.
    func deviation(_ metric: Int) -> Double { deviation(metric, moving: nil) }

    /// The deviations of all metrics with an instance moved.
    func deviations(moving change: Change, from source: Int, to destination: Int) -> [Double] {
        loads.indices.map { metric in
            deviation(
                metric,
                moving: (
                    source, loads[metric][source] - change[metric].source, destination,
                    loads[metric][destination] + change[metric].destination
                ))
        }
    }

    private func deviation(_ metric: Int, moving: (Int, Double, Int, Double)?) -> Double {
        let count = loads[metric].count
        guard count > 0 else { return 0 }
        return loads[metric].withUnsafeBufferPointer { loads in
            func value(_ node: Int) -> Double {
                guard let moving else { return normalized(loads[node], metric, node) }
                let load = node == moving.0 ? moving.1 : node == moving.2 ? moving.3 : loads[node]
                return normalized(load, metric, node)
            }
            var mean = 0.0
            for node in 0..<count { mean += value(node) }
            mean /= Double(count)
            var variance = 0.0
            for node in 0..<count {
                let distance = value(node) - mean
                variance += distance * distance
            }
            return (variance / Double(count)).squareRoot()
        }
    }

    /// The sum of deviations, each by its weight.
    func weighted(_ deviations: [Double]) -> Double {
        zip(deviations, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// What ``weighted(_:)`` of ``deviations(moving:from:to:)`` is, but for rounding.
    func estimate(moving change: Change, from source: Int, to destination: Int) -> Double {
        let count = Double(loads.first?.count ?? 0)
        var sum = 0.0
        for metric in loads.indices {
            var (distance, squares) = distances[metric]
            func replace(_ node: Int, _ load: Double) {
                let old = normalized(loads[metric][node], metric, node) - means[metric]
                let new = normalized(load, metric, node) - means[metric]
                distance += new - old
                squares += new * new - old * old
            }
            replace(source, loads[metric][source] - change[metric].source)
            replace(destination, loads[metric][destination] + change[metric].destination)
            let variance = squares / count - (distance / count) * (distance / count)
            sum += max(0, variance).squareRoot() * weights[metric]
        }
        return sum
    }

    /// What an estimate may be wrong by, many times over.
    static let tolerance = 1e-7

    mutating func move(_ change: Change, from source: Int, to destination: Int) {
        for metric in loads.indices {
            loads[metric][source] -= change[metric].source
            loads[metric][destination] += change[metric].destination
        }
        summarize()
    }
}
