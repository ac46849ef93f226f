// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Telemetry

/// What a sample is called in Prometheus: Ceilometer's names and labels, as its exporter gives them, so that what was
/// drawn of those stays as it is.
struct PrometheusSeries: Sendable, Hashable {
    struct Label: Sendable, Hashable {
        var name: String
        var value: String
    }

    /// `ceilometer_disk_device_usage`.
    var name: String
    /// By name; no name twice, no value empty.
    var labels: [Label]

    init(_ sample: Sample) {
        name = Self.name(of: sample.name)
        let shards = sample.name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        var labels = Labels()
        labels.add("publisher", "ceilometer")
        labels.add("type", shards.count > 1 ? shards[1] : shards[0])
        labels.add("counter", sample.name)
        labels.add("project", sample.projectID)
        labels.add("project_name", sample.projectName)
        labels.add("user", sample.userID)
        labels.add("user_name", sample.userName)
        labels.add("unit", sample.unit)
        labels.add("resource", sample.resourceID)
        if !sample.resourceMetadata.isEmpty { labels.add(sample.resourceMetadata, meter: sample.name) }
        // Last, so that a meter of one of those names takes none away.
        labels.add(PrometheusDialect.name(shards[0]), shards.count > 2 ? shards[2] : sample.resourceID)
        self.labels = labels.all.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    static func name(of meter: String) -> String { PrometheusDialect.name("ceilometer_" + meter) }

    /// What is said of a meter.
    static func help(_ sample: Sample) -> String {
        "Meter \(sample.name), \(sample.kind.rawValue)" + (sample.unit.isEmpty ? "." : ", in \(sample.unit).")
    }

    /// As in the text forms, with braces.
    var labelText: String {
        "{" + labels.map { "\($0.name)=\"\(PrometheusDialect.escaped($0.value))\"" }.joined(separator: ",") + "}"
    }
}

private struct Labels {
    private(set) var all: [PrometheusSeries.Label] = []

    /// A label without a value is as good as none, and the first of a name stays.
    mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty, !all.contains(where: { $0.name == name }) else { return }
        all.append(.init(name: name, value: value))
    }

    mutating func add(_ metadata: Metadata, meter: String) {
        add("vm_instance", metadata["host"]?.text)
        let names = [metadata["display_name"]?.text, metadata["name"]?.text].compactMap(\.self).filter { !$0.isEmpty }
        add("resource_name", names.joined(separator: ":"))
        let group = metadata["user_metadata"]?["server_group"]?.text ?? ""
        add("server_group", group.isEmpty ? "none" : group)
        add("state", metadata["alarm_state"]?.text)
        if meter.hasPrefix("loadbalancer") { add("availability_zone", metadata["availability_zone"]?.text) }
        if meter == "volume.service.health" {
            for key in ["binary", "zone", "status"] { add(key, metadata[key]?.text) }
        }
        add("flavor_id", metadata["flavor"]?["id"]?.text)
        add("flavor_name", metadata["flavor"]?["name"]?.text)
    }
}

extension Metadata.Value {
    /// nil for null, lists and objects.
    var text: String? {
        switch self {
        case .string(let text): text
        case .integer(let integer): integer.description
        case .real(let real): real.description
        case .bool(let bool): bool ? "True" : "False"
        case .null, .array, .object: nil
        }
    }

    /// Of an object; else nil.
    subscript(key: String) -> Metadata.Value? {
        guard case .object(let metadata) = self else { return nil }
        return metadata[key]
    }
}
