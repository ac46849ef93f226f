// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt
internal import Telemetry

extension Connection {
    /// The same figures as the bulk call's, a few calls for each domain: for drivers that have no bulk (the test and
    /// LXC drivers).
    ///
    /// - Parameter devices: by domain. One that isn't named there tells nothing of its devices.
    func statisticsDomainByDomain(
        _ groups: StatsGroups, of domains: [virDomainPtr], devices: [String: DomainDevices]
    ) throws(LibvirtError) -> [DomainStats] {
        var statistics: [DomainStats] = []
        statistics.reserveCapacity(domains.count)
        for domain in domains {
            guard let uuid = uuidString(of: domain) else { continue }
            guard let info = info(of: domain) else {
                let error = LibvirtError.last("read domain \(uuid)")
                if error.isDisconnection { throw error }
                continue
            }
            var stats = DomainStats(
                uuid: uuid, name: domainName(domain), state: DomainState(rawValue: Int32(info.state)) ?? .noState,
                isActive: isActive(domain), readAt: .now)
            if stats.isActive {
                if groups.contains(.cpu) { stats.cpuTime = info.cpuTime }
                if !groups.isDisjoint(with: [.vcpu, .vcpuCount]) { stats.vcpuCount = Int(info.nrVirtCpu) }
                if groups.contains(.vcpu) { stats.vcpus = vcpus(of: domain, count: Int32(info.nrVirtCpu)) }
                if groups.contains(.memory) { stats.memory = memory(of: domain) }
                let devices = devices[uuid]
                stats.devicesAreUnknown = devices == nil && !groups.isDisjoint(with: [.disks, .interfaces])
                if groups.contains(.disks) { stats.disks = devices?.disks.map { disk($0, of: domain) } ?? [] }
                if groups.contains(.interfaces) {
                    stats.interfaces = devices?.interfaces.map { interface($0, of: domain) } ?? []
                }
            }
            statistics.append(stats)
        }
        return statistics
    }

    /// Running time of each virtual CPU; this call doesn't tell their wait.
    private func vcpus(of domain: virDomainPtr, count: Int32) -> [DomainStats.VCPU] {
        var infos = [virVcpuInfo](repeating: virVcpuInfo(), count: Int(count))
        let filled = virDomainGetVcpus(domain, &infos, count, nil, 0)
        guard filled > 0 else { return [] }
        return infos.prefix(Int(filled)).map { .init(number: Int($0.number), time: $0.cpuTime, wait: nil) }
    }

    private func memory(of domain: virDomainPtr) -> DomainStats.Memory {
        var figures = [virDomainMemoryStatStruct](
            repeating: virDomainMemoryStatStruct(), count: Int(VIR_DOMAIN_MEMORY_STAT_NR.rawValue))
        let filled = virDomainMemoryStats(domain, &figures, UInt32(figures.count), 0)
        var memory = DomainStats.Memory()
        guard filled > 0 else { return memory }
        for figure in figures.prefix(Int(filled)) {
            switch UInt32(figure.tag) {
            case VIR_DOMAIN_MEMORY_STAT_ACTUAL_BALLOON.rawValue: memory.actual = figure.val
            case VIR_DOMAIN_MEMORY_STAT_AVAILABLE.rawValue: memory.available = figure.val
            case VIR_DOMAIN_MEMORY_STAT_UNUSED.rawValue: memory.unused = figure.val
            case VIR_DOMAIN_MEMORY_STAT_USABLE.rawValue: memory.usable = figure.val
            case VIR_DOMAIN_MEMORY_STAT_RSS.rawValue: memory.resident = figure.val
            case VIR_DOMAIN_MEMORY_STAT_SWAP_IN.rawValue: memory.swapIn = figure.val
            case VIR_DOMAIN_MEMORY_STAT_SWAP_OUT.rawValue: memory.swapOut = figure.val
            default: break
            }
        }
        return memory
    }

    /// Without the times of requests, which only calls with flags tell, and these drivers have none.
    private func disk(_ name: String, of domain: virDomainPtr) -> DomainStats.Disk {
        var disk = DomainStats.Disk(name: name)
        var traffic = virDomainBlockStatsStruct()
        if virDomainBlockStats(domain, name, &traffic, MemoryLayout<virDomainBlockStatsStruct>.size) == 0 {
            disk.readRequests = UInt64(exactly: traffic.rd_req)
            disk.readBytes = UInt64(exactly: traffic.rd_bytes)
            disk.writeRequests = UInt64(exactly: traffic.wr_req)
            disk.writeBytes = UInt64(exactly: traffic.wr_bytes)
        }
        var size = virDomainBlockInfo()
        if virDomainGetBlockInfo(domain, name, &size, 0) == 0 {
            disk.capacity = size.capacity
            disk.allocation = size.allocation
            disk.physical = size.physical
        }
        return disk
    }

    private func interface(_ name: String, of domain: virDomainPtr) -> DomainStats.Interface {
        var interface = DomainStats.Interface(name: name)
        var traffic = virDomainInterfaceStatsStruct()
        guard virDomainInterfaceStats(domain, name, &traffic, MemoryLayout.size(ofValue: traffic)) == 0 else {
            return interface
        }
        interface.received.bytes = UInt64(exactly: traffic.rx_bytes)
        interface.received.packets = UInt64(exactly: traffic.rx_packets)
        interface.received.errors = UInt64(exactly: traffic.rx_errs)
        interface.received.drops = UInt64(exactly: traffic.rx_drop)
        interface.sent.bytes = UInt64(exactly: traffic.tx_bytes)
        interface.sent.packets = UInt64(exactly: traffic.tx_packets)
        interface.sent.errors = UInt64(exactly: traffic.tx_errs)
        interface.sent.drops = UInt64(exactly: traffic.tx_drop)
        return interface
    }
}
