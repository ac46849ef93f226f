// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Optimization

/// How full a node is in some respect, before and after a plan.
struct NodeLoad: Sendable, Hashable {
    /// Percent; nil where it isn't known.
    struct Change: Sendable, Hashable {
        var before: Double?
        var after: Double?
    }

    var node: String
    var instancesBefore: Int
    var instancesAfter: Int
    /// In the order of ``headings(_:)``.
    var changes: [Change]

    /// What is told of each node: what its instances were promised, and what was measured of them.
    static func headings(_ queries: [MetricQuery]) -> [String] {
        ["vCPUs promised", "memory promised"] + measured(queries).map(\.heading)
    }

    /// In the order of the model's nodes.
    static func all(_ before: ModelRoot, _ after: ModelRoot, _ metrics: any MetricReader, _ queries: [MetricQuery])
        -> [NodeLoad]
    {
        before.nodeIDs.map { id in
            let node = before[id]
            let later = after.findNode(uuid: node.uuid)
            func percent(
                _ model: ModelRoot, _ place: ModelRoot.NodeID?, _ used: (ModelRoot, ModelRoot.NodeID) -> Double?,
                of whole: Double
            ) -> Double? {
                guard let place, whole > 0, let used = used(model, place) else { return nil }
                return used / whole * 100
            }
            func change(of whole: Double, _ used: (ModelRoot, ModelRoot.NodeID) -> Double?) -> Change {
                Change(before: percent(before, id, used, of: whole), after: percent(after, later, used, of: whole))
            }
            let measures = measured(queries).map { measure in
                change(of: measure.isCPU ? Double(node.vcpus ?? 0) : Double(node.memory ?? 0)) { model, place in
                    sum(of: measure, on: place, in: model, metrics)
                }
            }
            return NodeLoad(
                node: node.hostname ?? node.uuid, instancesBefore: before.instanceCount(on: id),
                instancesAfter: later.map { after.instanceCount(on: $0) } ?? 0,
                changes: [
                    change(of: node.capacity.vcpus) { Double($0.used(of: $1).vcpus) },
                    change(of: node.capacity.memory) { Double($0.used(of: $1).memory) },
                ] + measures)
        }
    }

    /// The model with the migrations done, whoever proposed them; other actions leave instances where they are.
    static func applying(_ actions: [Solution.ProposedAction], to model: ModelRoot) -> ModelRoot {
        var model = model
        for action in actions where action.type == Migrate.type {
            guard let id = action.resourceID, let instance = model.findInstance(uuid: id),
                let target = action.parameters["destination_node"]?.string,
                let node = model.findNode(hostname: target) ?? model.findNode(uuid: target)
            else { continue }
            if let source = model.nodeID(of: instance), source == node { continue }
            model.map(instance, to: node)
        }
        return model
    }

    private struct Measured {
        var query: MetricQuery
        var isCPU: Bool { query.metric == "instance_cpu_usage" }
        var heading: String { isCPU ? "CPU measured" : "memory measured" }
    }

    private static func measured(_ queries: [MetricQuery]) -> [Measured] {
        ["instance_cpu_usage", "instance_ram_usage"].compactMap { name in
            queries.first { $0.metric == name }.map { Measured(query: $0) }
        }
    }

    /// Processors or MiB in use; nil where nothing was measured.
    private static func sum(
        of measure: Measured, on node: ModelRoot.NodeID, in model: ModelRoot, _ metrics: any MetricReader
    ) -> Double? {
        var sum: Double?
        for instance in model.instances(on: node) {
            guard let value = metrics.value(of: measure.query, for: instance.uuid) else { continue }
            sum = (sum ?? 0) + (measure.isCPU ? value * Double(instance.vcpus ?? 0) / 100 : value)
        }
        return model.instanceCount(on: node) == 0 ? 0 : sum
    }
}
