// SPDX-License-Identifier: Apache-2.0
package import Settings

/// What each datasource calls the metrics: Watcher's own names, changed by a YAML file `{datasource: {metric: name}}`.
package struct MetricMap: Sendable, Hashable {
    /// What a metric is mapped to that is taken from the model: what was promised to an instance, not what was measured.
    package static let ofModel = "(model)"

    package static let metrics = [
        "host_airflow", "host_cpu_usage", "host_inlet_temp", "host_outlet_temp", "host_power", "host_ram_usage",
        "instance_cpu_usage", "instance_l3_cache_usage", "instance_ram_allocated", "instance_ram_usage",
        "instance_root_disk_size",
    ]

    /// By datasource, by metric.
    private var names: [String: [String: String]]

    package static let standard: MetricMap = {
        let metered = [
            "host_airflow": "hardware.ipmi.node.airflow", "host_cpu_usage": "compute.node.cpu.percent",
            "host_inlet_temp": "hardware.ipmi.node.temperature",
            "host_outlet_temp": "hardware.ipmi.node.outlet_temperature", "host_power": "hardware.ipmi.node.power",
            "host_ram_usage": "hardware.memory.used", "instance_cpu_usage": "cpu",
            "instance_l3_cache_usage": "cpu_l3_cache", "instance_ram_usage": "memory.resident",
        ]
        let promised = ["instance_ram_allocated": ofModel, "instance_root_disk_size": ofModel]
        return MetricMap(names: [
            CollectorDatasource.name: metered.merging(promised) { first, _ in first },
            GnocchiDatasource.name: metered.merging(
                ["instance_ram_allocated": "memory", "instance_root_disk_size": "disk.root.size"]
            ) { first, _ in first },
            PrometheusDatasource.name: [
                "host_cpu_usage": "node_cpu_seconds_total", "host_ram_usage": "node_memory_MemAvailable_bytes",
                "instance_cpu_usage": "ceilometer_cpu", "instance_ram_usage": "ceilometer_memory_usage",
            ].merging(promised) { first, _ in first },
        ])
    }()

    private init(names: [String: [String: String]]) { self.names = names }

    package subscript(datasource: String) -> [String: String] { names[datasource] ?? [:] }

    /// Changes what the file names; a metric that it maps to nothing is one that the datasource doesn't have.
    package mutating func merge(file: String, text: String) throws(Mistakes) {
        var mistakes = Mistakes()
        guard let document = mistakes.collect({ () throws(Mistake) in try YAMLValue(file: file, text: text) }) else {
            throw mistakes
        }
        let datasources = try document.mapping(known: names.keys.sorted())
        for (datasource, value) in datasources.sorted(by: { $0.key < $1.key }) {
            let metrics = mistakes.collectAll { () throws(Mistakes) in try value.mapping(known: Self.metrics) }
            for (metric, name) in metrics ?? [:] {
                if name.isNothing {
                    names[datasource]?[metric] = nil
                } else if let text = mistakes.collect({ () throws(Mistake) in try name.string() }) {
                    names[datasource]?[metric] = text
                }
            }
        }
        try mistakes.throwIfAny()
    }
}
