// SPDX-License-Identifier: Apache-2.0
package import Logging
package import Telemetry

/// The plug-ins of the compute namespace, all over one hypervisor.
package struct ComputePlugins: Sendable {
    package static let namespace = "compute"

    package let pollsters: [PollsterRegistration]
    package let discoveries: [DiscoveryRegistration]

    /// - Parameter isPatient: whether a hypervisor that doesn't answer is tried again until the time is up: right for
    ///   a service, wrong where somebody waits.
    package init(_ settings: ComputeSettings, isPatient: Bool, log: Logger) {
        let reader = HypervisorReader(settings: settings, isPatient: isPatient, log: log)
        discoveries = [
            DiscoveryRegistration(
                name: "local_instances", namespaces: [Self.namespace],
                discovery: LocalInstances(reader: reader))
        ]
        pollsters = [
            PollsterRegistration(
                name: "cpu", namespaces: [Self.namespace], meters: [CPUPollster.cpu, CPUPollster.utilisation],
                defaultDiscovery: "local_instances"
            ) { CPUPollster(reader: reader, source: settings.cpuSource) }
        ]
    }
}
