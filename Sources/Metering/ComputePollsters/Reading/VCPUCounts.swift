// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// How many virtual CPUs each domain has in use. They are plugged without an event, so their count is asked for, a
/// call a domain, but at most this often.
struct VCPUCounts {
    /// Seconds.
    private static let lifetime = 60.0

    private var counts: [String: Int] = [:]
    private var readAt: MonotonicTime?

    var areDue: Bool { readAt.map { MonotonicTime.now.seconds(since: $0) >= Self.lifetime } ?? true }

    subscript(uuid: String) -> Int? { counts[uuid] }

    /// - Parameter isComplete: whether these are all domains there are.
    mutating func take(_ stats: [DomainStats], isComplete: Bool) {
        if isComplete { counts = [:] }
        for stats in stats { counts[stats.uuid] = stats.vcpuCount }
        readAt = isComplete ? .now : nil
    }
}
