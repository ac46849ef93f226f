// SPDX-License-Identifier: Apache-2.0
package import Logging
package import Telemetry

/// The plug-ins of the compute namespace, all over one hypervisor.
package struct ComputePlugins: Sendable {
    package static let namespace = "compute"
    private static let discovery = "local_instances"
    private static let hostDiscovery = "local_hypervisor"

    package let pollsters: [PollsterRegistration]
    package let discoveries: [DiscoveryRegistration]

    /// - Parameter isPatient: whether a hypervisor that doesn't answer is tried again until the time is up: right for
    ///   a service, wrong where somebody waits.
    package init(_ settings: ComputeSettings, isPatient: Bool, log: Logger) {
        let cpu = CPUMeters(source: settings.cpuSource)
        let tables = [
            InstanceMeters.table, cpu.counter, cpu.utilisation, MemoryMeters.table, DiskMeters.ofEach,
            DiskMeters.together, NetworkMeters.table, PerfMeters.table,
        ]
        let rows = tables.flatMap(\.rows)
        let reader = HypervisorReader(
            settings: settings, groupsOfMeters: .init(uniqueKeysWithValues: rows.map { ($0.meter.name, $0.groups) }),
            isPatient: isPatient, log: log)
        let host = LocalHypervisor(host: settings.host)
        let ofDomains = tables.map { table in
            PollsterRegistration(
                name: table.name, namespaces: [Self.namespace], meters: table.rows.map(\.meter),
                defaultDiscovery: Self.discovery
            ) { TablePollster(reader: reader, table: table) }
        }
        let ofHost = PollsterRegistration(
            name: "host", namespaces: [Self.namespace], meters: [HostPollster.cpu, HostPollster.memory],
            defaultDiscovery: Self.hostDiscovery
        ) { HostPollster(reader: reader, host: host) }
        pollsters = ofDomains + [ofHost]
        discoveries = [
            DiscoveryRegistration(
                name: Self.discovery, namespaces: [Self.namespace],
                discovery: LocalInstances(reader: reader, novaOnly: settings.novaOnly)),
            DiscoveryRegistration(name: Self.hostDiscovery, namespaces: [Self.namespace], discovery: host),
        ]
    }
}
