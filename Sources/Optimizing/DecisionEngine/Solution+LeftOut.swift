// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Optimization

extension Solution {
    /// Gives each node and instance that a strategy said nothing of a reason too, as far as the model tells one.
    mutating func explainLeftOut(of model: ModelRoot) {
        guard isExplaining else { return }
        let explained = Set(explanations.map(\.subject))
        for id in model.nodeIDs where !explained.contains(model[id].subject) {
            let node = model[id]
            let reason =
                if node.state != .up {
                    "it is \(node.state.rawValue)"
                } else if node.status != .enabled {
                    "it is \(node.status.rawValue)" + (node.disabledReason.text.map { ": \($0)" } ?? "")
                } else if model.instanceCount(on: id) == 0 {
                    "no instance is on it"
                } else {
                    "the goal needs no change of it"
                }
            explain(node.subject, .rejected, reason)
        }
        for id in model.instanceIDs where !explained.contains(model[id].subject) {
            let instance = model[id]
            let reason =
                if instance.isExcluded {
                    "the scope excludes it"
                } else if model.nodeID(of: id) == nil {
                    "it is on no node"
                } else if instance.state != .active {
                    "it is \(instance.state.rawValue)"
                } else {
                    "the goal needs no change of it"
                }
            explain(instance.subject, .rejected, reason)
        }
    }
}
