// SPDX-License-Identifier: Apache-2.0
internal import Hummingbird
internal import Telemetry
internal import Web
internal import Wire

/// `GET /v1/hosts`: the hypervisors' hosts, whether their agents are late, and what they and their instances do just now.
struct HostsRoute: Sendable {
    private static let limit = Page.limit(1000, most: 10_000, of: "hosts")

    let reader: InventoryReader

    static let operation = OpenAPI.Operation(
        "GET", "/v1/hosts", "Hosts, whether their agents are late, and what they and their instances do just now",
        parameters: [.init(InstancesRoute.since), .init(limit), .init(Page.marker)],
        answers: [
            200: "An object with now, and hosts by name: host (empty for instances whose samples name none), "
                + "last_sample_timestamp, interval_seconds (null until three samples came), late_seconds (since the "
                + "next sample was due, once half an interval and 5 s have gone as well; 0 before), instances, "
                + "late_instances, vcpus and memory_mib (what the instances have), busy_vcpus, used_memory_mib, "
                + "disk_bytes_per_second and network_bytes_per_second (what they do by their newest samples; null where "
                + "nothing tells it, and without instances that are late), resource_id of the host's own samples, "
                + "host_cpu_percent and host_used_memory_mib (of the whole host; each null where nothing tells it)",
            400: "A parameter is wrong",
        ])

    fileprivate static let sums: [StaticString] = [
        "vcpus", "memory_mib", "busy_vcpus", "used_memory_mib", "disk_bytes_per_second", "network_bytes_per_second",
    ]

    fileprivate struct Host {
        var last = Int64.min
        var step: Int64?
        var instances = 0
        var late = 0
        var sums: [String: Double] = [:]
        /// What the host tells of itself.
        var resource: String?
        var cpuPercent: Double?
        var memory: Double?

        mutating func add(_ key: String, _ value: Double?) {
            if let value { sums[key, default: 0] += value }
        }
    }

    @concurrent func callAsFunction(_ request: Request) async throws -> Response {
        let query = try Query(request, names: Self.operation.parameters.map(\.name))
        let now = Timestamp.now
        let since = try query(InstancesRoute.since) ?? Timestamp(microseconds: now.microseconds - 86_400_000_000)
        let limit = try query(Self.limit) ?? 1000
        let marker = try query(Page.marker)
        let inventory = try await reader.read(since: since.microseconds)
        let tails = try await reader.tails(inventory.instances, inventory.hosts.values)

        var hosts: [String: Host] = [:]
        for instance in inventory.instances {
            let pace = instance.pace(tails)
            let figures = InstanceFigures(
                instance.series, tails, vcpus: instance.facts.vcpus, now: now.microseconds)
            hosts[instance.host, default: Host()].add(instance, pace, figures, now: now.microseconds)
        }
        // Nova tells of hosts as well, whether or not they have an agent.
        for (name, readings) in inventory.hosts where readings.last != nil || hosts[name] != nil {
            hosts[name, default: Host()].add(readings, tails, now: now.microseconds)
        }
        let rest = hosts.keys.filter { marker == nil || $0 > marker ?? "" }.sorted()
        let page = rest.prefix(limit)
        var json = Array("{".utf8)
        json.append("now", now)
        json.append(list: "hosts", page) { name, json in hosts[name]?.append(name, now.microseconds, to: &json) }
        json.append("next_marker", rest.count > limit ? page.last : nil)
        json.append("}\n")
        return Response(json: json)
    }
}

extension HostsRoute.Host {
    fileprivate mutating func add(_ readings: HostReadings, _ tails: [Int32: [Point]], now: Int64) {
        if let last = readings.last {
            self.last = max(self.last, last)
            step = [step, readings.step(tails)].compactMap { $0 }.min()
        }
        resource = readings.resource
        cpuPercent = readings.cpuPercent(tails, now: now)
        memory = readings.memory(tails, now: now)
    }

    fileprivate mutating func add(
        _ instance: Inventory.Instance, _ pace: Pace, _ figures: InstanceFigures, now: Int64
    ) {
        last = max(last, instance.last)
        step = [step, pace.step].compactMap { $0 }.min()
        instances += 1
        if pace.late(at: now) > 0 { late += 1 }
        add("vcpus", instance.facts.vcpus)
        add("memory_mib", instance.facts.memory)
        add("busy_vcpus", instance.facts.vcpus.flatMap { vcpus in figures.cpuUtil.map { $0 / 100 * vcpus } })
        add("used_memory_mib", figures.memory)
        add("disk_bytes_per_second", figures.disk)
        add("network_bytes_per_second", figures.network)
    }

    fileprivate func append(_ name: String, _ now: Int64, to json: inout [UInt8]) {
        json.append("{")
        json.append("host", name)
        json.append("last_sample_timestamp", Timestamp(microseconds: last))
        json.append("interval_seconds", seconds: step)
        json.append("late_seconds", seconds: Pace(step: step, last: last).late(at: now))
        json.append("instances", number: instances)
        json.append("late_instances", number: late)
        for key in HostsRoute.sums { json.append(key, value: sums[key.description]) }
        json.append("resource_id", resource)
        json.append("host_cpu_percent", value: cpuPercent)
        json.append("host_used_memory_mib", value: memory)
        json.append("}")
    }
}
