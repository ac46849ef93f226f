// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import Wire

/// Instances with twenty meters each, as the agent would send them: metadata of real size, counters that grow unevenly,
/// gauges with all their digits.
struct Fleet {
    private let meters: [Meter]
    private let resources: [Resource]
    private var totals: [Int64]
    private var lines = JSONLines()
    private var random = SystemRandomNumberGenerator()
    let instances: Int

    init(instances: Int) {
        self.instances = instances
        meters =
            (0..<15).map { Meter("counter.\($0)", .cumulative, unit: "B") }
            + (0..<5).map { Meter("gauge.\($0)", .gauge, unit: "%") }
        resources = (0..<instances).map { Self.resource($0) }
        totals = Array(repeating: 1_000_000_000, count: instances * 20)
    }

    var samplesInACycle: Int { instances * meters.count }

    /// One cycle as JSON arrays of up to 5,000 samples.
    mutating func cycle(at time: Timestamp, monotonic: MonotonicTime) -> [[UInt8]] {
        let cycle = PollingCycle(number: 1, timestamp: time, deadline: .now, meters: [])
        var samples: [Sample] = []
        samples.reserveCapacity(samplesInACycle)
        for (column, meter) in meters.enumerated() {
            for (row, resource) in resources.enumerated() {
                let volume: Volume
                if meter.kind == .gauge {
                    volume = .real(Double.random(in: 0..<100, using: &random))
                } else {
                    totals[row * 20 + column] += Int64.random(in: 0..<50_000_000, using: &random)
                    volume = .integer(totals[row * 20 + column])
                }
                let jitter = UInt64.random(in: 0..<20_000_000, using: &random)
                let read = MonotonicTime(nanoseconds: monotonic.nanoseconds + jitter)
                samples.append(Sample(meter, volume, of: resource, in: cycle, readAt: read))
            }
        }
        return stride(from: 0, to: samples.count, by: 5000).map { first in
            var text = lines.text(Array(samples[first...].prefix(5000)))
            for index in text.indices where text[index] == UInt8(ascii: "\n") { text[index] = UInt8(ascii: ",") }
            text[text.count - 1] = UInt8(ascii: "]")
            return [UInt8(ascii: "[")] + text
        }
    }

    private static func resource(_ number: Int) -> Resource {
        let id = "d0000000-0000-4000-8000-" + String(format: "%012x", number)
        return Resource(
            id: id, projectID: "295a7ad15b9d522c909c9d775a967c5b", userID: "111749b2bede58a6a512c7e559d2c5ea",
            metadata: [
                "display_name": .string("vm-\(number)"), "name": .string("instance-\(number)"),
                "instance_id": .string(id), "instance_type": "m1.tiny",
                "host": "cb3d92d06317913c217c01e471addfc26bb336c447752d68ab229070", "instance_host": "compute-1",
                "flavor": .object([
                    "id": "3779b9d7-e2fd-5dc9-87af-a22903f871ae", "name": "m1.tiny", "vcpus": 1, "ram": 128, "disk": 2,
                    "ephemeral": 0, "swap": 0, "extra_specs": .object(["hw_rng:allowed": "True"]),
                ]), "status": "active", "state": "running", "task_state": "",
                "image": .object(["id": "bbae0319-8a9b-5431-8bd2-8235dd3ede83"]),
                "image_ref": "bbae0319-8a9b-5431-8bd2-8235dd3ede83", "image_ref_url": nil,
                "image_meta": .object([
                    "base_image_ref": "bbae0319-8a9b-5431-8bd2-8235dd3ede83", "container_format": "bare",
                    "disk_format": "qcow2", "min_disk": "1", "min_ram": "0", "os_distro": "cirros",
                ]), "architecture": "x86_64", "os_type": "hvm", "vcpus": 1, "memory_mb": 128, "disk_gb": 2,
                "ephemeral_gb": 0, "root_gb": 2,
            ])
    }
}
