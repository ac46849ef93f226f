// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Tells by nine figures of a machine whether it idles, computes, pages or reads and writes.
public struct WorkloadScorer: ScoringEngine {
    public init() {}

    public let name = "dummy_scorer"
    public let summary = "Dummy Scorer calculating the predominant workload"

    private static let features = [
        "proc-processor-time-%", "mem-total-bytes", "mem-avail-bytes", "mem-page-reads/sec", "mem-page-writes/sec",
        "disk-read-bytes/sec", "disk-write-bytes/sec", "net-bytes-received/sec", "net-bytes-sent/sec",
    ]
    private static let workloads = ["idle", "cpu", "memory", "disk"]

    public var metainfo: String {
        func texts(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
        let result: JSONValue = [
            "feature_columns": texts(Self.features),
            "result_columns": texts(["workload"] + Self.workloads.map { "\($0)-probability" }),
            "workloads": texts(Self.workloads.map { $0 == "idle" ? $0 : "\($0)-intensive" }),
        ]
        return result.json
    }

    /// - Parameter features: nine numbers, as ``metainfo`` names them.
    /// - Returns: the workload's number, and the percentages of all four.
    public func score(features: String) throws -> String {
        let values = try numbers(features, of: name)
        guard values.count == Self.features.count else {
            throw OptimizationError.invalidValue("\(name) takes \(Self.features.count) numbers, not \(values.count)")
        }
        let (cpu, reads, writes, diskRead, diskWrite) = (values[0], values[3], values[4], values[5], values[6])
        let fiftyMiB = 52_428_800.0
        var result = (workload: 0, idle: 0.0, cpu: 0.0, memory: 0.0, disk: 0.0)
        if cpu >= 80 {
            result = (1, 0, 100, 0, 0)
        } else if reads >= 1000, writes >= 1000 {
            result = (2, 0, 0, 100, 0)
        } else if diskRead >= fiftyMiB, diskWrite >= fiftyMiB {
            result = (3, 0, 0, 0, 100)
        } else {
            result = (0, 100, cpu >= 40 ? 50 : 0, reads >= 500 || writes >= 500 ? 50 : 0, 0)
        }
        let scores: JSONValue = [
            .integer(result.workload), .real(result.idle), .real(result.cpu), .real(result.memory), .real(result.disk),
        ]
        return scores.json
    }
}

/// The least, the greatest or the mean of any numbers.
public struct AggregateScorer: ScoringEngine {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case minimum = "min"
        case maximum = "max"
        case average = "avg"
    }

    private let kind: Kind

    public init(_ kind: Kind) { self.kind = kind }

    public var name: String { "dummy_\(kind.rawValue)_scorer" }
    public var summary: String { "Dummy Scorer which calculates the \(kind) value" }
    public var metainfo: String { "" }

    /// - Parameter features: at least one number.
    /// - Returns: a list of the one number.
    public func score(features: String) throws -> String {
        let values = try numbers(features, of: name)
        guard let least = values.min(), let greatest = values.max() else {
            throw OptimizationError.invalidValue("\(name) takes at least one number")
        }
        let score: JSONValue =
            switch kind {
            case .minimum: [.real(least)]
            case .maximum: [.real(greatest)]
            case .average: [.real(values.reduce(0, +) / Double(values.count))]
            }
        return score.json
    }
}

/// The scoring engines that are built in.
public enum ScoringEngines {
    public static let all: [any ScoringEngine] =
        [WorkloadScorer()] + AggregateScorer.Kind.allCases.map { AggregateScorer($0) }
}

private func numbers(_ features: String, of engine: String) throws -> [Double] {
    let values = try JSONValue(parsing: features).array
    guard let values, case let numbers = values.compactMap(\.number), numbers.count == values.count else {
        throw OptimizationError.invalidValue("\(engine) takes a JSON list of numbers")
    }
    return numbers
}
