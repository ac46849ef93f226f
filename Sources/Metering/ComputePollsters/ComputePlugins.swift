// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
package import Logging
package import Telemetry

/// The plug-ins of the compute namespace, all over one hypervisor.
package struct ComputePlugins: Sendable {
    package static let namespace = "compute"
    private static let discovery = "local_instances"

    package let pollsters: [PollsterRegistration]
    package let discoveries: [DiscoveryRegistration]

    /// - Parameter isPatient: whether a hypervisor that doesn't answer is tried again until the time is up: right for
    ///   a service, wrong where somebody waits.
    package init(_ settings: ComputeSettings, isPatient: Bool, log: Logger) {
        let cpu = CPUMeters(source: settings.cpuSource)
        var registered: [(HypervisorReader) -> PollsterRegistration] = []
        var groups: [String: StatsGroups] = [:]
        func register<Subject>(_ table: MeterTable<Subject>) {
            for row in table.rows { groups[row.meter.name] = row.groups }
            registered.append { reader in
                PollsterRegistration(
                    name: table.name, namespaces: [Self.namespace], meters: table.rows.map(\.meter),
                    defaultDiscovery: Self.discovery
                ) { TablePollster(reader: reader, table: table) }
            }
        }
        register(InstanceMeters.table)
        register(cpu.counter)
        register(cpu.utilisation)
        register(MemoryMeters.table)
        register(DiskMeters.ofEach)
        register(DiskMeters.together)
        register(NetworkMeters.table)
        register(PerfMeters.table)

        let reader = HypervisorReader(settings: settings, groupsOfMeters: groups, isPatient: isPatient, log: log)
        pollsters = registered.map { $0(reader) }
        discoveries = [
            DiscoveryRegistration(
                name: Self.discovery, namespaces: [Self.namespace],
                discovery: LocalInstances(reader: reader, novaOnly: settings.novaOnly))
        ]
    }
}
