// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt
internal import Glibc
internal import Telemetry

extension Connection {
    /// The statistics of all domains, active or not: in one call where the driver can, else domain by domain.
    ///
    /// - Returns: in libvirtd's order. A domain that vanishes meanwhile is left out.
    func statistics(_ groups: StatsGroups) throws(LibvirtError) -> [DomainStats] {
        if hasBulkStatistics {
            do throws(LibvirtError) {
                return try bulkStatistics(groups)
            } catch let error where error.isUnsupported {
                hasBulkStatistics = false
            }
        }
        return try domainByDomain(groups)
    }

    private func bulkStatistics(_ groups: StatsGroups) throws(LibvirtError) -> [DomainStats] {
        // NOWAIT: a domain whose QEMU hangs keeps its own figures to itself, and nobody waits for it.
        // ENFORCE: else a driver that lacks a group leaves it out without a word.
        let flags =
            UInt32(VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT.rawValue)
            | UInt32(VIR_CONNECT_GET_ALL_DOMAINS_STATS_ENFORCE_STATS.rawValue)
        var records: UnsafeMutablePointer<virDomainStatsRecordPtr?>?
        let started = MonotonicTime.now
        let count = virConnectGetAllDomainStats(pointer, groups.bulk.rawValue, &records, flags)
        let ended = MonotonicTime.now
        guard count >= 0, let records else { throw .last("read domain statistics from \(name)") }
        defer { virDomainStatsRecordListFree(records) }

        var statistics: [DomainStats] = []
        statistics.reserveCapacity(Int(count))
        for index in 0..<Int(count) {
            guard let record = records[index]?.pointee, let domain = record.dom,
                let uuid = uuidString(of: domain)
            else {
                continue
            }
            let share = (Double(index) + 0.5) / Double(count)
            var stats = DomainStats(
                uuid: uuid, name: name(of: domain), state: .noState,
                readAt: started + .nanoseconds(Int64(share * Double(ended.nanoseconds - started.nanoseconds))))
            for parameter in 0..<Int(record.nparams) { stats.take(record.params + parameter) }
            if groups.contains(.vcpuCount), stats.vcpuCount == nil, isActive(domain) {
                stats.vcpuCount = info(of: domain).map { Int($0.nrVirtCpu) }
            }
            statistics.append(stats)
        }
        return statistics
    }

    private func domainByDomain(_ groups: StatsGroups) throws(LibvirtError) -> [DomainStats] {
        var domains: UnsafeMutablePointer<virDomainPtr?>?
        let count = virConnectListAllDomains(pointer, &domains, 0)
        guard count >= 0, let domains else { throw .last("list the domains of \(name)") }
        defer {
            for index in 0..<Int(count) { virDomainFree(domains[index]) }
            free(domains)
        }

        var statistics: [DomainStats] = []
        statistics.reserveCapacity(Int(count))
        for index in 0..<Int(count) {
            guard let domain = domains[index], let uuid = uuidString(of: domain) else { continue }
            guard let info = info(of: domain) else {
                let error = LibvirtError.last("read domain \(uuid)")
                if error.isDisconnection { throw error }
                continue
            }
            var stats = DomainStats(
                uuid: uuid, name: name(of: domain), state: DomainState(rawValue: Int32(info.state)) ?? .noState,
                readAt: .now)
            if isActive(domain) {
                if groups.contains(.cpu) { stats.cpuTime = info.cpuTime }
                if !groups.isDisjoint(with: [.vcpu, .vcpuCount]) { stats.vcpuCount = Int(info.nrVirtCpu) }
                if groups.contains(.vcpu) { stats.vcpus = vcpus(of: domain, count: Int32(info.nrVirtCpu)) }
            }
            statistics.append(stats)
        }
        return statistics
    }

    /// What the domain's handle holds: no call to libvirtd.
    private func name(of domain: virDomainPtr) -> String {
        virDomainGetName(domain).map { String(cString: $0) } ?? ""
    }

    /// What the domain's handle holds, as of when it was listed: no call to libvirtd.
    private func isActive(_ domain: virDomainPtr) -> Bool { virDomainGetID(domain) != UInt32.max }

    private func info(of domain: virDomainPtr) -> virDomainInfo? {
        var info = virDomainInfo()
        return virDomainGetInfo(domain, &info) == 0 ? info : nil
    }

    /// Running time of each virtual CPU; this call doesn't tell their wait.
    private func vcpus(of domain: virDomainPtr, count: Int32) -> [DomainStats.VCPU] {
        var infos = [virVcpuInfo](repeating: virVcpuInfo(), count: Int(count))
        let filled = virDomainGetVcpus(domain, &infos, count, nil, 0)
        guard filled > 0 else { return [] }
        return infos.prefix(Int(filled)).map { .init(number: Int($0.number), time: $0.cpuTime, wait: nil) }
    }
}
