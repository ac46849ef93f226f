// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

extension ComputeNode {
    /// A node as Nova's `os-hypervisors` (microversion 2.53 or later, with details) and Placement tell it.
    ///
    /// - Parameter inventories: `resource_provider_inventories` by resource class; nil where Placement didn't answer.
    ///   What it lacks is taken from the hypervisor, with nothing reserved and a ratio of 1.
    public init(hypervisor: JSONValue, inventories: JSONValue?) throws(ModelFormatError) {
        self.init(uuid: try hypervisor.text("id", of: "a hypervisor"))
        let service = hypervisor["service"]
        hostname = try (service ?? .null).text("host", of: "the service of hypervisor \(uuid)")
        status = ServiceState(rawValue: try hypervisor.text("status", of: "hypervisor \(uuid)"))
        state = ServiceState(rawValue: try hypervisor.text("state", of: "hypervisor \(uuid)"))
        disabledReason = Nullable(service?["disabled_reason"]?.string)

        func inventory(_ name: String, _ key: String) -> (total: Int?, reserved: Int, ratio: Double) {
            let known = inventories?[name]
            return (
                known?["total"]?.wholeNumber ?? hypervisor[key]?.wholeNumber, known?["reserved"]?.wholeNumber ?? 0,
                known?["allocation_ratio"]?.number ?? 1
            )
        }
        (vcpus, vcpusReserved, vcpuRatio) = inventory("VCPU", "vcpus")
        (memory, memoryReserved, memoryRatio) = inventory("MEMORY_MB", "memory_mb")
        (disk, diskReserved, diskRatio) = inventory("DISK_GB", "local_gb")
    }
}

extension Instance {
    /// An instance as Nova's `servers/detail` tells it (microversion 2.47 or later, as an administrator).
    ///
    /// - Parameter isExtended: whether flavor extra specs and the pinned zone are taken, too.
    public init(server: JSONValue, isExtended: Bool) throws(ModelFormatError) {
        self.init(uuid: try server.text("id", of: "a server"))
        let flavor = server["flavor"] ?? .null
        name = server["name"]?.string
        state = InstanceState(rawValue: try server.text("OS-EXT-STS:vm_state", of: "server \(uuid)"))
        memory = flavor["ram"]?.wholeNumber
        vcpus = flavor["vcpus"]?.wholeNumber
        // Nova gives an empty text for the image of an instance that boots from a volume.
        disk =
            DiskDemand(
                root: server["image"]?.object != nil ? flavor["disk"] : 0, ephemeral: flavor["ephemeral"],
                swap: flavor["swap"]
            ).total
        metadata = server["metadata"]?.object
        projectID = Nullable(notEmpty: server["tenant_id"]?.string)
        isLocked = server["locked"]?.bool ?? false
        host = server["OS-EXT-SRV-ATTR:host"]?.string
        hypervisorHostname = server["OS-EXT-SRV-ATTR:hypervisor_hostname"]?.string
        created = server["created"]?.string.flatMap { CreationTime($0) }
        guard isExtended else { return }
        flavorExtraSpecs = flavor["extra_specs"]?.object ?? [:]
        pinnedZone = server["pinned_availability_zone"]?.string ?? ""
    }
}

/// What an instance takes of its host's disk, by its flavor.
struct DiskDemand {
    /// GiB; nothing for an instance that boots from a volume.
    var root: JSONValue?
    /// GiB.
    var ephemeral: JSONValue?
    /// MiB.
    var swap: JSONValue?

    /// GiB, swap rounded up.
    var total: Int {
        let swap = swap?.wholeNumber ?? 0
        return (root?.wholeNumber ?? 0) + (ephemeral?.wholeNumber ?? 0) + (swap + 1023) / 1024
    }
}
