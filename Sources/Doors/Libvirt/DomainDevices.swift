// SPDX-License-Identifier: Apache-2.0

/// The names of a domain's devices. Drivers without bulk statistics tell a device's figures only to who names it.
public struct DomainDevices: Sendable, Hashable {
    /// Targets, such as `vda`.
    public var disks: [String]
    /// Devices of the host, such as `tapdb514b6b-80`.
    public var interfaces: [String]

    public init(disks: [String] = [], interfaces: [String] = []) {
        self.disks = disks
        self.interfaces = interfaces
    }
}
