// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Makes a model of what Nova and Placement answered.
public struct NovaModelBuilder: Sendable {
    /// Whether flavor extra specs and pinned zones are taken, too.
    public var isExtended: Bool
    public private(set) var model = ModelRoot()
    /// What could not be taken in, and why.
    public private(set) var skipped: [String] = []

    public init(isExtended: Bool = false) { self.isExtended = isExtended }

    /// Adds a node; Ironic's are left out, as no instance is ever moved to them.
    ///
    /// - Parameter inventories: nil where Placement did not answer.
    public mutating func add(hypervisor: JSONValue, inventories: JSONValue?) {
        guard hypervisor["hypervisor_type"]?.string != "ironic" else { return }
        do {
            model.add(try ComputeNode(hypervisor: hypervisor, inventories: inventories))
        } catch {
            skipped.append("\(error)")
        }
    }

    /// Adds an instance on the node that runs it; deleted ones are left out, and those of nodes that aren't in the
    /// model.
    public mutating func add(server: JSONValue) {
        guard server["OS-EXT-STS:vm_state"]?.string != InstanceState.deleted.rawValue else { return }
        do {
            let instance = try Instance(server: server, isExtended: isExtended)
            guard let node = instance.host.flatMap({ model.findNode(hostname: $0) }) else { return }
            model.map(model.add(instance), to: node)
        } catch {
            skipped.append("\(error)")
        }
    }
}
