// SPDX-License-Identifier: Apache-2.0
import Libvirt
import Telemetry

extension DomainStats {
    /// A running domain with these figures.
    static func example(
        uuid: String = DomainXML.uuid, cpuTime: UInt64? = nil, vcpuCount: Int? = nil,
        vcpus: [(number: Int, time: UInt64?, wait: UInt64?)] = []
    ) -> DomainStats {
        DomainStats(
            uuid: uuid, name: "instance-0000002a", state: .running, readAt: .now, cpuTime: cpuTime,
            vcpuCount: vcpuCount, vcpus: vcpus.map { VCPU(number: $0.number, time: $0.time, wait: $0.wait) })
    }
}
