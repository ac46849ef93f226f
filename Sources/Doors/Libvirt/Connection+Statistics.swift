// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt
internal import Glibc
internal import Telemetry

extension Connection {
    /// The statistics of a share of the domains, active or not: in one call where the driver can, else domain by
    /// domain.
    ///
    /// - Returns: in libvirtd's order. A domain that vanishes meanwhile is left out.
    func statistics(
        _ groups: StatsGroups, of share: DomainShare, only uuids: Set<String>?, devices: [String: DomainDevices]
    ) throws(LibvirtError) -> [DomainStats] {
        if hasBulkStatistics {
            do throws(LibvirtError) {
                if share.count == 1, uuids == nil { return try allStatistics(groups) }
                return try withDomains(of: share, only: uuids) { domains throws(LibvirtError) in
                    try statistics(groups, of: domains)
                }
            } catch let error where error.isUnsupported {
                hasBulkStatistics = false
            }
        }
        return try withDomains(of: share, only: uuids) { domains throws(LibvirtError) in
            try statisticsDomainByDomain(groups, of: domains, devices: devices)
        }
    }

    private func allStatistics(_ groups: StatsGroups) throws(LibvirtError) -> [DomainStats] {
        try bulkStatistics(groups) { records, flags in
            virConnectGetAllDomainStats(pointer, groups.bulk.rawValue, records, flags)
        }
    }

    private func statistics(_ groups: StatsGroups, of domains: [virDomainPtr]) throws(LibvirtError) -> [DomainStats] {
        guard !domains.isEmpty else { return [] }
        // libvirt's list of domains ends with a null.
        var list: [virDomainPtr?] = domains + [nil]
        return try bulkStatistics(groups) { records, flags in
            virDomainListGetStats(&list, groups.bulk.rawValue, records, flags)
        }
    }

    private func bulkStatistics(
        _ groups: StatsGroups,
        _ call: (UnsafeMutablePointer<UnsafeMutablePointer<virDomainStatsRecordPtr?>?>, UInt32) -> Int32
    ) throws(LibvirtError) -> [DomainStats] {
        // NOWAIT: a domain whose QEMU hangs keeps its own figures to itself, and nobody waits for it.
        // ENFORCE: else a driver that lacks a group leaves it out without a word.
        let flags =
            UInt32(VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT.rawValue)
            | UInt32(VIR_CONNECT_GET_ALL_DOMAINS_STATS_ENFORCE_STATS.rawValue)
        var records: UnsafeMutablePointer<virDomainStatsRecordPtr?>?
        let started = MonotonicTime.now
        let count = call(&records, flags)
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
                uuid: uuid, name: domainName(domain), state: .noState, isActive: isActive(domain),
                readAt: started + .nanoseconds(Int64(share * Double(ended.nanoseconds - started.nanoseconds))))
            for parameter in 0..<Int(record.nparams) { stats.take(record.params + parameter) }
            stats.isMute = stats.isActive ? stats.lacksWhatQEMUTells(of: groups) : false
            if groups.contains(.vcpuCount), stats.vcpuCount == nil, stats.isActive {
                stats.vcpuCount = info(of: domain).map { Int($0.nrVirtCpu) }
            }
            statistics.append(stats)
        }
        return statistics
    }

    /// Lists the domains of a share, active or not, and frees them afterwards.
    private func withDomains<Value>(
        of share: DomainShare, only uuids: Set<String>?, _ body: ([virDomainPtr]) throws(LibvirtError) -> Value
    ) throws(LibvirtError) -> Value {
        var domains: UnsafeMutablePointer<virDomainPtr?>?
        let count = virConnectListAllDomains(pointer, &domains, 0)
        guard count >= 0, let domains else { throw .last("list the domains of \(name)") }
        defer {
            for index in 0..<Int(count) { virDomainFree(domains[index]) }
            free(domains)
        }
        return try body(
            (0..<Int(count)).compactMap { domains[$0] }.filter { domain in
                share.contains(domain) && (uuids.map { $0.contains(uuidString(of: domain) ?? "") } ?? true)
            })
    }

    /// What the domain's handle holds: no call to libvirtd.
    func domainName(_ domain: virDomainPtr) -> String {
        virDomainGetName(domain).map { String(cString: $0) } ?? ""
    }

    /// What the domain's handle holds, as of when it was listed: no call to libvirtd.
    func isActive(_ domain: virDomainPtr) -> Bool { virDomainGetID(domain) != UInt32.max }

    func info(of domain: virDomainPtr) -> virDomainInfo? {
        var info = virDomainInfo()
        return virDomainGetInfo(domain, &info) == 0 ? info : nil
    }
}

extension DomainStats {
    /// Nothing there of the groups that a guest's QEMU has to be asked for; nil where none of them is among these.
    fileprivate func lacksWhatQEMUTells(of groups: StatsGroups) -> Bool? {
        if groups.contains(.memory) { return memory.resident == nil }
        guard groups.contains(.disks), !disks.isEmpty else { return nil }
        return disks.allSatisfy { $0.readRequests == nil }
    }
}
