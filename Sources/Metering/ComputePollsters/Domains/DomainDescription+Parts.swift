// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// The resources that a domain's samples belong to besides the instance itself, named and described as Ceilometer does.
extension DomainDescription {
    /// The instance with the count of its virtual CPUs, for `cpu`.
    static func cpu(of instance: Resource, count: Int?) -> Resource {
        var resource = instance
        resource.metadata["cpu_number"] = .init(count)
        return resource
    }

    /// The instance with the names of its disks, for sums over them.
    static func disks(of instance: Resource, named names: [String]) -> Resource {
        var resource = instance
        resource.metadata["device"] = .array(names.map { .string($0) })
        return resource
    }

    static func disk(of instance: Resource, named name: String) -> Resource {
        var resource = instance
        resource.id += "-\(name)"
        resource.metadata["disk_name"] = .string(name)
        return resource
    }

    /// nil for one that the description doesn't have: it has come or gone since that was read.
    func interface(of instance: Resource, device: String) -> Resource? {
        let known = interfaces?.first { $0.device == device }
        guard interfaces == nil || known != nil else { return nil }
        var parameters = known?.parameters ?? [:]
        parameters["interfaceid"] = .init(known?.interfaceID)
        parameters["bridge"] = .init(known?.bridge)
        var resource = instance
        resource.id = known?.filter ?? "\(domainName)-\(uuid)-\(device)"
        resource.metadata["name"] = .string(device)
        resource.metadata["mac"] = .init(known?.mac)
        resource.metadata["fref"] = .init(known?.filter)
        resource.metadata["parameters"] = .object(parameters)
        resource.metadata["vnic_name"] = .string(known?.filter ?? device)
        return resource
    }
}
