// SPDX-License-Identifier: Apache-2.0
internal import Libvirt

/// What a domain consists of, as opposed to what it does: whatever is made of that need not be made again while it
/// stays the same.
struct DomainShape: Sendable, Hashable {
    private let description: DomainDescription
    private let vcpuCount: Int?
    private let disks: [String]
    private let interfaces: [String]

    init(_ stats: DomainStats, _ description: DomainDescription) {
        self.description = description
        vcpuCount = stats.vcpuCount
        disks = stats.disks.map(\.name)
        interfaces = stats.interfaces.map(\.name)
    }
}
