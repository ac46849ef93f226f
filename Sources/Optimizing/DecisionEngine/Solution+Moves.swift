// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Optimization

extension ComputeNode {
    /// What actions name it by: its host name, or its UUID while that isn't known.
    var actionName: String { hostname ?? uuid }

    var subject: Explanation.Subject { .init(.node, id: uuid, name: actionName) }

    /// Lives, be it allowed to work or not: what a consolidation may empty or fill.
    var isUp: Bool { state == .up && (status == .enabled || status == .disabled) }
}

extension Instance {
    var subject: Explanation.Subject { .init(.instance, id: uuid, name: name ?? uuid) }
}

extension Solution {
    /// Moves an instance in the model, and proposes it.
    mutating func move(
        _ instance: ModelRoot.InstanceID, in model: inout ModelRoot, from source: ModelRoot.NodeID,
        to destination: ModelRoot.NodeID, kind: Migrate.Kind = .live
    ) throws(ModelError) {
        try model.migrate(instance, from: source, to: destination)
        propose(instance, in: model, from: source, to: destination, kind: kind)
    }

    /// Proposes to move an instance; the model stays as it is.
    mutating func propose(
        _ instance: ModelRoot.InstanceID, in model: ModelRoot, from source: ModelRoot.NodeID,
        to destination: ModelRoot.NodeID?, kind: Migrate.Kind = .live
    ) {
        add(
            Migrate(
                instance: model[instance].uuid, name: model[instance].name, kind: kind,
                from: model[source].actionName, to: destination.map { model[$0].actionName }))
        explain(
            model[instance].subject, .chosen,
            "\(kind.rawValue) migration from \(model[source].actionName) to "
                + (destination.map { model[$0].actionName } ?? "a node of the scheduler's choice"))
    }

    /// Proposes to let a node work no longer.
    mutating func disable(_ node: ComputeNode, reason: String, because explanation: @autoclosure () -> String) {
        add(ChangeServiceState(node: node.uuid, hostname: node.actionName, to: .disabled, reason: reason))
        explain(node.subject, .chosen, "disabled: \(explanation())")
    }
}

extension StrategyContext {
    /// A solution that `decide` makes of the compute model.
    func solve(_ decide: (inout ModelRoot, inout Solution) throws -> Void) throws -> Solution {
        var model: ModelRoot = try model("compute")
        var solution = Solution(isExplaining: isExplaining)
        try decide(&model, &solution)
        solution.explainLeftOut(of: model)
        solution.model = model
        return solution
    }
}

extension Array {
    /// Sorted by a value computed once for each; equal ones keep their order. Places are sorted, not elements, which
    /// may be large.
    func sorted(by value: (Element) -> Double, descending: Bool = false) -> [Element] {
        let places = indices.map { (place: $0, value: value(self[$0])) }
        return places.sorted { descending ? $0.value > $1.value : $0.value < $1.value }.map { self[$0.place] }
    }
}

extension Double {
    /// With at most two digits after the point, for explanations.
    var short: String {
        let rounded = (self * 100).rounded() / 100
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
    }
}
