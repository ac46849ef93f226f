// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt
internal import Glibc

/// What a hypervisor's host is.
public struct HostFacts: Sendable, Hashable {
    /// As the host calls itself (`virConnectGetHostname`).
    public var hostname: String
    /// Processors that are active (`virNodeGetInfo`).
    public var cpus: Int
    /// MiB.
    public var memory: Int

    public init(hostname: String, cpus: Int, memory: Int) {
        self.hostname = hostname
        self.cpus = cpus
        self.memory = memory
    }
}

extension Connection {
    /// Two cheap calls, none of which asks a guest.
    func host() throws(LibvirtError) -> HostFacts {
        guard let hostname = virConnectGetHostname(pointer) else { throw .last("ask \(name) for its host's name") }
        defer { free(hostname) }
        var info = virNodeInfo()
        guard virNodeGetInfo(pointer, &info) == 0 else { throw .last("ask \(name) for its host's size") }
        return HostFacts(hostname: String(cString: hostname), cpus: Int(info.cpus), memory: Int(info.memory / 1024))
    }
}
