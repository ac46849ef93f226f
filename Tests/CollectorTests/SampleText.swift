// SPDX-License-Identifier: Apache-2.0
import Digests
import Foundation

/// A sample as JSON, in the keys of Ceilometer's HTTP publisher.
func sampleJSON(
    _ meter: String = "cpu_util", _ volume: String = "12.5", kind: String = "gauge", resource: String = "vm-1",
    time: String = "2026-11-21T00:00:00", id: String? = nil, metadata: String = "{}"
) -> String {
    let id = id ?? messageID("\(meter) \(resource) \(time)")
    return """
        {"name":"\(meter)","type":"\(kind)","unit":"%","volume":\(volume),"user_id":"u1","user_name":null,\
        "project_id":"p1","project_name":null,"resource_id":"\(resource)","timestamp":"\(time)",\
        "resource_metadata":\(metadata),"source":"openstack","id":"\(id)","monotonic_time":null}
        """
}

/// The same UUID for the same text.
func messageID(_ text: String) -> String {
    let digest = ShortDigest(of: Array(text.utf8))
    let digits = String(format: "%016lx%016lx", digest.high, digest.low)
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { range in
        String(digits.dropFirst(range.lowerBound).prefix(range.count))
    }.joined(separator: "-")
}
