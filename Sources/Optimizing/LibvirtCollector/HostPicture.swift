// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Libvirt
internal import XMLTree

/// A hypervisor and its domains, as elements of a model.
///
/// The node's key is the hypervisor's address: host names need not be unique, and are what actions name. Room on disks
/// is left out on both sides, as libvirt doesn't tell which pools domains would take it from: nothing is refused or
/// preferred for its disk.
struct HostPicture: Sendable {
    var node: ComputeNode
    var instances: [Instance]

    init(key: String, _ facts: HostFacts) {
        node = ComputeNode(uuid: key)
        node.hostname = facts.hostname
        node.disabledReason = .null
        node.vcpus = facts.cpus
        node.memory = facts.memory
        node.disk = 0
        (node.vcpusReserved, node.memoryReserved, node.diskReserved) = (0, 0, 0)
        (node.vcpuRatio, node.memoryRatio, node.diskRatio) = (1, 1, 1)
        instances = []
    }
}

extension Instance {
    /// - Parameter xml: libvirt's description of the domain. What nova wrote there goes before libvirt's own figures.
    init(_ stats: DomainStats, xml: String, on hostname: String?) throws(XMLError) {
        let domain = try XMLElement(parsing: xml)
        let nova = domain["metadata"]?.children.first {
            $0.name == "instance" && $0.namespace?.hasPrefix("http://openstack.org/xmlns/libvirt/nova/") == true
        }
        func number(_ element: XMLElement?) -> Int? { element.flatMap { Int($0.text) } }
        self.init(uuid: stats.uuid)
        name = nova?["name"]?.text ?? stats.name
        state = InstanceState(stats.state, isActive: stats.isActive)
        vcpus =
            number(nova?["flavor"]?["vcpus"])
            ?? domain["vcpu"].flatMap { Int($0.attributes["current"] ?? $0.text) }
        // In KiB always, whatever unit it was defined in; what the domain may grow to, as that is promised to it.
        memory = number(nova?["flavor"]?["memory"]) ?? number(domain["memory"]).map { $0 / 1024 }
        disk = 0
        metadata = [:]
        projectID = Nullable(nova?["owner"]?["project"]?.attributes["uuid"])
        host = hostname
        hypervisorHostname = hostname
        // Nova writes it in UTC, without saying so.
        created = nova?["creationTime"].flatMap { CreationTime($0.text + "+00:00") }
    }
}

extension InstanceState {
    fileprivate init(_ state: DomainState, isActive: Bool) {
        switch state {
        case .running, .blocked, .shutdown: self = .active
        case .paused: self = .paused
        case .pmSuspended: self = .suspended
        case .crashed: self = .error
        case .shutoff: self = .stopped
        case .noState: self = isActive ? .active : .stopped
        }
    }
}
