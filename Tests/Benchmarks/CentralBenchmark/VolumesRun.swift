// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport

/// How much memory an agent takes that polls a long list of volumes.
struct VolumesRun {
    struct Figures {
        /// From the first page asked for to the last answered.
        var seconds: Double
        /// MB when the cycle is over, and the most there ever was.
        var resident: Double
        var most: Double
        /// Of what is resident: data, pages of files.
        var parts: String
    }

    private let benchmark: CentralBenchmark

    init(_ benchmark: CentralBenchmark) { self.benchmark = benchmark }

    private struct Cycle {
        var first: ContinuousClock.Instant?
        var seconds: Double?
    }

    func measure() throws -> [Figures] {
        let cycle = Mutex(Cycle())
        let count = benchmark.volumes
        let volumes = Mutex<[String]>([])
        let cloud = try StubCloud(services: ["identity": "/v3", "volumev3": "/v3/p"]) { request in
            func number(_ name: String) -> Int? {
                request.path.firstRange(of: name + "=").flatMap { range in
                    Int(request.path[range.upperBound...].prefix { $0.isNumber })
                }
            }
            let start = number("marker") ?? 0
            let limit = min(number("limit") ?? benchmark.page, benchmark.page)
            let end = min(start + limit, count)
            cycle.withLock { cycle in
                if start == 0 { cycle = Cycle(first: .now) }
                if end == count, let first = cycle.first {
                    cycle.seconds = first.duration(to: .now) / .seconds(1)
                }
            }
            let items = volumes.withLock { $0[start..<end].joined(separator: ", ") }
            let href = "http://\(request.headers["host"] ?? "")/v3/p/volumes/detail?all_tenants=True&limit=\(limit)"
            let links = end < count ? #"[{"rel": "next", "href": "\#(href)&marker=\#(end)"}]"# : "[]"
            return .init(200, body: #"{"volumes": [\#(items)], "volumes_links": \#(links)}"#)
        }
        // Written before there is anybody to ask for them.
        let written = (0..<count).map { volume($0, cloud.url) }
        volumes.withLock { $0 = written }
        let agent = try AgentAtWork(benchmark, cloud, meters: "volume.size", every: benchmark.interval)
        var figures: [Figures] = []
        for _ in 0..<benchmark.cycles {
            try agent.wait(atMost: 300) { cycle.withLock { $0.seconds != nil } }
            // Until nothing more is written.
            var size = -1
            try agent.wait(atMost: 60) {
                usleep(500_000)
                let before = size
                size = agent.written()
                return size == before
            }
            let seconds = cycle.withLock { cycle in
                defer { cycle.seconds = nil }
                return cycle.seconds ?? .nan
            }
            func megabytes(_ name: String) throws -> Double {
                Double(try kibibytes(name, of: agent.pid, in: "status")) * 1024 / 1e6
            }
            let (data, files) = (try megabytes("RssAnon"), try megabytes("RssFile"))
            figures.append(
                Figures(
                    seconds: seconds, resident: try megabytes("VmRSS"), most: try megabytes("VmHWM"),
                    parts: String(format: "%.1f MB data, %.1f MB pages of files", data, files)))
        }
        return figures
    }

    /// One volume with what Cinder tells of one at microversion 3.64.
    private func volume(_ number: Int, _ url: String) -> String {
        let id = "90339bcb-37be-4dbe-8ac7-" + String(format: "%012d", number)
        return """
            {"id": "\(id)", "status": "in-use", "size": \(number % 100 + 1), "availability_zone": "nova", \
            "created_at": "2026-11-21T04:39:39.356532", "updated_at": "2026-11-21T04:39:39.628285", \
            "name": "volume-\(number)", "description": null, "volume_type": "__DEFAULT__", "snapshot_id": null, \
            "source_volid": null, "metadata": {}, "links": [{"rel": "self", "href": \
            "\(url)/v3/p/volumes/\(id)"}, {"rel": "bookmark", "href": "\(url)/p/volumes/\(id)"}], \
            "user_id": "1ca7c5eb80ac44139de84216debb9e05", "bootable": "false", "encrypted": false, \
            "replication_status": null, "consistencygroup_id": null, "multiattach": false, "attachments": \
            [{"id": "\(id)", "attachment_id": "a8a9c1b6-6f15-490f-8797-261edfb9e293", "volume_id": "\(id)", \
            "server_id": "c2c7f4d3-0e6d-4a8e-9c3f-\(String(format: "%012d", number / 2))", "host_name": "cn1", \
            "device": "/dev/vdb", "attached_at": "2026-11-21T04:40:34.000000"}], "migration_status": null, \
            "group_id": null, "provider_id": null, "shared_targets": false, "service_uuid": \
            "cbb361b6-eef5-4186-8fa0-dbe483b5d7eb", "cluster_name": null, "volume_type_id": \
            "e32589b8-6f15-490f-8797-261edfb9e293", "consumes_quota": true, "os-vol-tenant-attr:tenant_id": \
            "e0d3e63270384dc89218215b64e49f9e", "os-vol-mig-status-attr:migstat": null, \
            "os-vol-mig-status-attr:name_id": null, "os-vol-host-attr:host": "cinder1@lab#pool1"}
            """
    }
}
