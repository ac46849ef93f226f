// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import TestSupport
import Testing

@testable import Collector

/// Hosts, instances and top consumers, of agents that report every ten seconds.
@Suite struct InventoryTests {
    private let directory: TemporaryDirectory
    /// Of the last sample of an agent that is on time.
    private let last = Int(Timestamp.now.microseconds / 1_000_000)

    init() throws { directory = try TemporaryDirectory() }

    private func time(_ secondsAgo: Int) -> String {
        Timestamp(microseconds: Int64(last - secondsAgo) * 1_000_000).description
    }

    private func metadata(_ instance: String, on host: String, vcpus: Int = 2) -> String {
        #"{"display_name":"name of \#(instance)","instance_id":"\#(instance)","instance_host":"\#(host)","#
            + #""status":"active","vcpus":\#(vcpus),"memory_mb":2048}"#
    }

    /// vm-1 and vm-2 run on compute-1; vm-3 on compute-2, whose agent said its last five minutes ago.
    private func fill(_ collector: RunningCollector) async throws {
        var samples: [String] = []
        for (number, (instance, host, silent)) in [
            ("vm-1", "compute-1", 0), ("vm-2", "compute-1", 0), ("vm-3", "compute-2", 300),
        ].enumerated() {
            let metadata = metadata(instance, on: host)
            for step in 0..<30 {
                let time = time(silent + (29 - step) * 10)
                samples.append(
                    sampleJSON("cpu_util", "\(20 * (number + 1))", resource: instance, time: time, metadata: metadata))
                samples.append(
                    sampleJSON("memory.usage", "512", resource: instance, time: time, metadata: metadata))
                for (disk, rate) in [("vda", 1000), ("vdb", 500)] {
                    samples.append(
                        sampleJSON(
                            "disk.device.read.bytes", "\(step * 10 * rate * (number + 1))", kind: "cumulative",
                            resource: "\(instance)-\(disk)", time: time, metadata: metadata))
                }
            }
        }
        // A volume is no instance.
        samples.append(sampleJSON("volume.size", "7", resource: "volume-1", time: time(0), metadata: #"{"host":"b"}"#))
        #expect(try await collector.post("[\(samples.joined(separator: ","))]")["stored"] as? Int == samples.count)
    }

    private func entries(_ reply: HTTPClient.Reply, _ key: String) throws -> [[String: Any]] {
        try #require(reply[key] as? [[String: Any]], "\(reply.text)")
    }

    @Test func hostsSayWhoIsLateAndWhatTheirInstancesDo() async throws {
        let collector = try await RunningCollector(directory)
        try await fill(collector)
        let hosts = try entries(await collector.get("/v1/hosts"), "hosts")
        #expect(hosts.map { $0["host"] as? String } == ["compute-1", "compute-2"])
        #expect(hosts.map { $0["instances"] as? Int } == [2, 1])
        #expect(hosts.map { $0["interval_seconds"] as? Double } == [10, 10])
        #expect(hosts.map { $0["late_instances"] as? Int } == [0, 1])
        #expect(hosts[0]["late_seconds"] as? Double == 0)
        // 20 % and 40 % of two virtual CPUs each.
        #expect(try abs(#require(hosts[0]["busy_vcpus"] as? Double) - 1.2) < 1e-9)
        #expect(hosts[0]["vcpus"] as? Double == 4)
        #expect(hosts[0]["memory_mib"] as? Double == 4096)
        #expect(hosts[0]["used_memory_mib"] as? Double == 1024)
        #expect(hosts[0]["disk_bytes_per_second"] as? Double == 4500)
        #expect(hosts[0]["network_bytes_per_second"] is NSNull)
        // What a late one did is no news of what it does.
        let late = try #require(hosts[1]["late_seconds"] as? Double)
        #expect((290...320).contains(late))
        #expect(hosts[1]["busy_vcpus"] is NSNull)
        #expect(hosts[1]["last_sample_timestamp"] as? String == time(300))
        try await collector.stop()
    }

    /// As our agent tells them: every ten seconds, up to `silent` seconds ago.
    private func hostSamples(_ host: String, silent: Int = 0) -> [String] {
        (0..<5).flatMap { step in
            [("compute.node.cpu.percent", 12.5), ("hardware.memory.used", 2_097_152)].map { meter, volume in
                sampleJSON(
                    meter, "\(volume)", resource: "\(host)_\(host)", time: time(silent + (4 - step) * 10),
                    metadata: #"{"host":"\#(host)"}"#)
            }
        }
    }

    @Test func aHostWithoutInstancesTellsOfItself() async throws {
        let collector = try await RunningCollector(directory)
        try await fill(collector)
        let samples = hostSamples("compute-1") + hostSamples("compute_3") + hostSamples("compute-4", silent: 120)
        // Nova's, which comes first in the catalog.
        _ = try await collector.post(
            "[\(sampleJSON("compute.node.cpu.percent", "1", resource: "compute-1_node1", time: time(60)))]")
        _ = try await collector.post("[\(samples.joined(separator: ","))]")
        let hosts = try entries(await collector.get("/v1/hosts"), "hosts")
        #expect(hosts.map { $0["host"] as? String } == ["compute-1", "compute-2", "compute-4", "compute_3"])
        #expect(hosts.map { $0["instances"] as? Int } == [2, 1, 0, 0])
        #expect(hosts.map { $0["host_cpu_percent"] as? Double } == [12.5, nil, nil, 12.5])
        #expect(hosts.map { $0["host_used_memory_mib"] as? Double } == [2048, nil, nil, 2048])
        #expect(
            hosts.map { $0["resource_id"] as? String }
                == ["compute-1_compute-1", nil, "compute-4_compute-4", "compute_3_compute_3"])
        #expect(hosts.map { $0["interval_seconds"] as? Double } == [10, 10, 10, 10])
        #expect(hosts.map { ($0["late_seconds"] as? Double ?? 0) > 0 } == [false, true, true, false])
        #expect(hosts[3]["busy_vcpus"] is NSNull)
        try await collector.stop()
    }

    /// Nova may tell of a host whose agent is away.
    @Test func whatNovaTellsOfAHostMakesNoAgentPunctual() async throws {
        let collector = try await RunningCollector(directory)
        try await fill(collector)
        let samples = ["compute-2_node.example.org", "compute-9_node9.example.org"].flatMap { resource in
            (0..<5).map { step in
                sampleJSON(
                    "compute.node.cpu.percent", "30", resource: resource, time: time((4 - step) * 10),
                    metadata: #"{"event_type":"compute.metrics.update"}"#)
            }
        }
        _ = try await collector.post("[\(samples.joined(separator: ","))]")
        let hosts = try entries(await collector.get("/v1/hosts"), "hosts")
        #expect(hosts.map { $0["host"] as? String } == ["compute-1", "compute-2"])
        #expect(hosts[1]["host_cpu_percent"] as? Double == 30)
        #expect(try #require(hosts[1]["late_seconds"] as? Double) > 200)
        try await collector.stop()
    }

    @Test func instancesAreFoundByHostNameAndId() async throws {
        let collector = try await RunningCollector(directory)
        try await fill(collector)
        func ids(_ query: String) async throws -> [String?] {
            try entries(await collector.get("/v1/instances?\(query)"), "instances").map { $0["instance_id"] as? String }
        }
        #expect(try await ids("") == ["vm-1", "vm-2", "vm-3"])
        #expect(try await ids("host=compute-1") == ["vm-1", "vm-2"])
        #expect(try await ids("instance_id=vm-3&instance_id=vm-1") == ["vm-1", "vm-3"])
        #expect(try await ids("search=NAME%20of%20vm-2") == ["vm-2"])
        #expect(try await ids("search=vm-") == ["vm-1", "vm-2", "vm-3"])
        #expect(try await ids("since=-200") == ["vm-1", "vm-2"])
        let first = try await collector.get("/v1/instances?limit=2")
        #expect(first["total"] as? Int == 3)
        let marker = try #require(
            (first["next_marker"] as? String)?.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        #expect(try await ids("limit=2&marker=\(marker)") == ["vm-3"])
        try await collector.stop()
    }

    @Test func anInstanceTellsWhatItDoesAndItsDisks() async throws {
        let collector = try await RunningCollector(directory)
        try await fill(collector)
        let instance = try #require(
            try entries(await collector.get("/v1/instances?instance_id=vm-2"), "instances").first)
        #expect(instance["display_name"] as? String == "name of vm-2")
        #expect(instance["status"] as? String == "active")
        #expect(instance["cpu_util"] as? Double == 40)
        #expect(instance["used_memory_mib"] as? Double == 512)
        #expect(instance["disk_bytes_per_second"] as? Double == 3000)
        #expect(instance["resources"] as? [String] == ["vm-2", "vm-2-vda", "vm-2-vdb"])
        try await collector.stop()
    }

    @Test func anAgentWithoutCPUUtilTellsItByItsCounter() async throws {
        let collector = try await RunningCollector(directory)
        let samples = (0..<5).map { step in
            sampleJSON(
                "cpu", "\(step * 5_000_000_000)", kind: "cumulative", time: time((4 - step) * 10),
                metadata: metadata("vm-1", on: "compute-1"))
        }
        _ = try await collector.post("[\(samples.joined(separator: ","))]")
        // Half a second of CPU time per second, of two virtual CPUs.
        let instance = try #require(try entries(await collector.get("/v1/instances"), "instances").first)
        #expect(instance["cpu_util"] as? Double == 25)
        try await collector.stop()
    }

    @Test func aCounterThatBeganAnewHasNoFigure() async throws {
        let collector = try await RunningCollector(directory)
        let samples = [500, 900, 1300, 10].enumerated().map { step, volume in
            sampleJSON(
                "network.incoming.bytes", "\(volume)", kind: "cumulative", resource: "tap", time: time((3 - step) * 10),
                metadata: metadata("vm-1", on: "compute-1"))
        }
        _ = try await collector.post("[\(samples.joined(separator: ","))]")
        let instance = try #require(try entries(await collector.get("/v1/instances"), "instances").first)
        #expect(instance["network_bytes_per_second"] is NSNull)
        try await collector.stop()
    }

    @Test func whatIsInBlocksIsToldAsWell() async throws {
        let database = try await OpenStore(directory("samples.db"))
        let begin = Double(last) - Double(Sample.day.microseconds) / 1e6
        let details: Metadata = ["instance_id": "vm-1", "instance_host": "compute-1", "vcpus": 1]
        try await database.append(
            (0..<4).map { .of("cpu_util", .real(30), second: begin - 30 + Double($0) * 10, metadata: details) })
        await database.store.roll()
        #expect(await database.store.head.count == 0)
        await database.close()
        let collector = try await RunningCollector(directory)
        let host = try #require(try entries(await collector.get("/v1/hosts"), "hosts").first)
        #expect(host["interval_seconds"] as? Double == 10)
        #expect(host["busy_vcpus"] as? Double == 0.3)
        try await collector.stop()
    }

    @Test func theTopOfAMeterIsByInstance() async throws {
        let collector = try await RunningCollector(directory)
        try await fill(collector)
        func top(_ query: String) async throws -> [String] {
            try entries(await collector.get("/v1/top?\(query)"), "instances").map {
                "\($0["instance_id"] ?? "") \(($0["value"] as? Double ?? .nan).rounded())"
            }
        }
        #expect(try await top("meter=cpu_util") == ["vm-3 60.0", "vm-2 40.0", "vm-1 20.0"])
        #expect(try await top("meter=cpu_util&limit=1") == ["vm-3 60.0"])
        #expect(try await top("meter=cpu_util&start=-200") == ["vm-2 40.0", "vm-1 20.0"])
        #expect(
            try await top("meter=disk.device.read.bytes&meter=disk.device.write.bytes&aggregate=rate")
                == ["vm-3 4500.0", "vm-2 3000.0", "vm-1 1500.0"])
        #expect(try await top("meter=none") == [])
        let refused = try await collector.get("/v1/top?meter=cpu_util&aggregate=rate")
        #expect(refused.status == 400)
        #expect(refused.text.contains("is no counter"))
        #expect(try await collector.get("/v1/top").text.contains("meter is missing"))
        try await collector.stop()
    }

    @Test func nobodyIsLateByWhatCannotBeTold() {
        func points(_ seconds: Int64...) -> [Point] { seconds.map { Point(time: $0 * 1_000_000, volume: .integer(1)) } }
        // Two readings may stand close together, as those of one test poll.
        #expect(Pace(points(100, 102))?.step == nil)
        #expect(Pace(points(100, 102))?.late(at: 900_000_000) == 0)
        // One gap is no pace.
        #expect(Pace(points(100, 110, 400, 410))?.step == 10_000_000)
        let pace = Pace(step: 60_000_000, last: 0)
        #expect(pace.late(at: 95_000_000) == 0)
        #expect(pace.late(at: 95_000_001) == 35_000_001)
    }
}
