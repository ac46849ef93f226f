// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import Libvirt
internal import Telemetry

extension DomainDescription {
    /// The domain as a resource, with the metadata, in the order, that Ceilometer's libvirt discovery gives it.
    ///
    /// - Parameter host: `[DEFAULT] host`.
    func resource(host: String, state: DomainState) -> Resource {
        var resource = Resource(id: uuid, projectID: nova?.projectID, userID: nova?.userID)
        if let nova {
            resource.metadata = novaMetadata(nova, host: host)
        } else {
            resource.metadata = plainMetadata(host: host)
        }
        resource.metadata["status"] = .string(state.status)
        resource.metadata["state"] = .string(state.vmState)
        return resource
    }

    private func novaMetadata(_ nova: NovaInstance, host: String) -> Metadata {
        let flavor = nova.flavor
        var flavorMetadata: Metadata = [
            "id": .string(flavor.id), "name": .string(flavor.name), "vcpus": .init(flavor.vcpus),
            "ram": .init(flavor.ram), "disk": .init(flavor.disk), "ephemeral": .init(flavor.ephemeral),
            "swap": .init(flavor.swap),
        ]
        if let specs = flavor.extraSpecs { flavorMetadata["extra_specs"] = .object(specs) }
        var metadata: Metadata = [
            "display_name": .string(nova.name),
            "name": .string(domainName),
            "instance_id": .string(uuid),
            "instance_type": .string(flavor.name),
            // As nova's hostId: tenants can tell their hosts apart and nobody learns a name.
            "host": .string(SHA224.hex((nova.projectID ?? "") + host)),
            "instance_host": .string(host),
            "flavor": .object(flavorMetadata),
            "status": .null,
            "state": .null,
            "task_state": "",
            "image": nova.imageID.map { .object(["id": .string($0)]) } ?? .null,
            "image_ref": .init(nova.imageID),
            "image_ref_url": .null,
        ]
        if let meta = nova.imageMeta { metadata["image_meta"] = .object(meta) }
        metadata["architecture"] = .init(architecture)
        metadata["os_type"] = .init(osType)
        metadata["vcpus"] = .init(flavor.vcpus)
        metadata["memory_mb"] = .init(flavor.ram)
        metadata["disk_gb"] = .init(flavor.disk)
        metadata["ephemeral_gb"] = .init(flavor.ephemeral)
        metadata["root_gb"] = .init(flavor.disk - flavor.ephemeral)
        return metadata
    }

    /// A domain without nova has no flavor, image or owner; what libvirt knows takes the same names.
    private func plainMetadata(host: String) -> Metadata {
        var metadata: Metadata = [
            "display_name": .string(domainName),
            "name": .string(domainName),
            "instance_id": .string(uuid),
            "instance_host": .string(host),
            "status": .null,
            "state": .null,
        ]
        metadata["architecture"] = architecture.map { .string($0) }
        metadata["os_type"] = osType.map { .string($0) }
        metadata["vcpus"] = vcpus.map { .integer(Int64($0)) }
        metadata["memory_mb"] = memory.map { .integer(Int64($0)) }
        return metadata
    }
}

extension DomainState {
    /// In nova's words for `status`.
    fileprivate var status: String {
        switch self {
        case .noState: "building"
        case .running, .blocked: "active"
        case .paused: "paused"
        case .shutdown, .shutoff: "stopped"
        case .crashed: "error"
        case .pmSuspended: "suspended"
        }
    }

    /// In nova's words for `OS-EXT-STS:vm_state`, as Ceilometer maps them.
    fileprivate var vmState: String {
        switch self {
        case .noState: "pending"
        case .running, .blocked: "running"
        case .paused: "paused"
        case .shutdown, .shutoff: "shutdown"
        case .crashed: "crashed"
        case .pmSuspended: "suspended"
        }
    }
}
