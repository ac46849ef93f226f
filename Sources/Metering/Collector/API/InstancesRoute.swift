// SPDX-License-Identifier: Apache-2.0
internal import Hummingbird
internal import Telemetry
internal import Web
internal import Wire

/// `GET /v1/instances`: instances by name, where they run, and what they do just now.
struct InstancesRoute: Sendable {
    static let since = QueryParameter<Timestamp>.time(
        "since", help: "Only what has a sample at or after this instant (default a day ago).")
    private static let id = QueryParameter("instance_id", help: "An instance; may be given several times.")
    private static let host = QueryParameter("host", help: "Instances of this host only.")
    private static let search = QueryParameter(
        "search", help: "Instances whose name contains this, in either case, or whose id begins with it.")
    private static let limit = Page.limit(100, most: 1000, of: "instances")

    let reader: InventoryReader

    static let operation = OpenAPI.Operation(
        "GET", "/v1/instances", "Instances by name, where they run, and what they do just now",
        parameters: [
            .init(id), .init(host), .init(search), .init(since), .init(limit), .init(Page.marker),
        ],
        answers: [
            200: "An object with now, total (how many fit) and instances: instance_id, display_name, host, status, "
                + "project_id, vcpus, memory_mib, last_sample_timestamp, interval_seconds and late_seconds (as those of "
                + "/v1/hosts), cpu_util (percent of its virtual CPUs), used_memory_mib, disk_bytes_per_second, "
                + "network_bytes_per_second (by its newest samples; null where nothing tells it or it is late) and "
                + "resources (resource_id of itself, its disks and its interfaces)",
            400: "A parameter is wrong",
        ])

    @concurrent func callAsFunction(_ request: Request) async throws -> Response {
        let query = try Query(request, names: Self.operation.parameters.map(\.name))
        let now = Timestamp.now
        let since = try query(Self.since) ?? Timestamp(microseconds: now.microseconds - 86_400_000_000)
        let ids = Set(try query.all(Self.id))
        let host = try query(Self.host)
        let search = try query(Self.search)?.lowercased()
        let limit = try query(Self.limit) ?? 100
        let marker = try query(Page.marker) ?? ""

        let fitting = try await reader.read(since: since.microseconds).instances.filter { instance in
            (ids.isEmpty || ids.contains(instance.id)) && (host == nil || instance.host == host)
                && search.map { instance.name.lowercased().contains($0) || instance.id.lowercased().hasPrefix($0) }
                    ?? true
        }
        let rest = fitting.map { (key: "\($0.name) \($0.id)", instance: $0) }.filter { $0.key > marker }
            .sorted { $0.key < $1.key }
        let page = rest.prefix(limit)
        let tails = try await reader.tails(page.map(\.instance))
        var json = Array("{".utf8)
        json.append("now", now)
        json.append("total", number: fitting.count)
        json.append(list: "instances", page) { Self.append($0.instance, tails, now.microseconds, to: &$1) }
        json.append("next_marker", rest.count > limit ? page.last?.key : nil)
        json.append("}\n")
        return Response(json: json)
    }

    private static func append(
        _ instance: Inventory.Instance, _ tails: [Int32: [Point]], _ now: Int64, to json: inout [UInt8]
    ) {
        let pace = instance.pace(tails)
        let figures = InstanceFigures(instance.series, tails, vcpus: instance.facts.vcpus, now: now)
        json.append("{")
        json.append("instance_id", instance.id)
        json.append("display_name", instance.facts.name)
        json.append("host", instance.host)
        json.append("status", instance.facts.status)
        json.append("project_id", instance.projectID)
        json.append("vcpus", value: instance.facts.vcpus)
        json.append("memory_mib", value: instance.facts.memory)
        json.append("last_sample_timestamp", Timestamp(microseconds: instance.last))
        json.append("interval_seconds", seconds: pace.step)
        json.append("late_seconds", seconds: pace.late(at: now))
        json.append("cpu_util", value: figures.cpuUtil)
        json.append("used_memory_mib", value: figures.memory)
        json.append("disk_bytes_per_second", value: figures.disk)
        json.append("network_bytes_per_second", value: figures.network)
        json.append(list: "resources", Set(instance.series.map(\.resource)).sorted()) { $1.appendJSON($0) }
        json.append("}")
    }
}
