// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Optimization

extension Parameter {
    /// How measures of a period become one number.
    static let aggregationMethod = Parameter(
        "aggregation_method",
        .object([
            Parameter("instance", .text(), default: "mean", help: "For metrics of instances."),
            Parameter("compute_node", .text(), default: "mean", help: "For metrics of nodes."),
            Parameter("node", .text(), default: "", help: "In place of compute_node where it isn't empty."),
        ]),
        default: ["instance": "mean", "compute_node": "mean", "node": ""],
        help: "How the measures of a period become one number: mean, min, max or count.")

    /// Where metrics come from; for whoever makes the metric reader.
    static let datasources = Parameter(
        "datasources", .nullable(.list(.text())), default: .null,
        help: "Sources of metrics, the preferred one first; of no effect on metrics from a file.")

    static let granularity = Parameter(
        "granularity", .number(), default: 300, help: "Seconds between two measures.")
}
