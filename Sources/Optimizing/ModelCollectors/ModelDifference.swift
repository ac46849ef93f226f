// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// What changed between two states of a model, in words: a line for each element that came, went, moved or changed.
public enum ModelDifference {
    private struct Element {
        var kind: String
        var name: String
        /// What it is on or in; nil for nothing.
        var place: String?
        var fields: JSONObject
    }

    /// - Returns: lines as `instance web-1: moved from a to b`; empty where nothing changed, or for models of other
    ///   rooms.
    public static func lines(from old: any Model, to new: any Model) -> [String] {
        let (old, new) = (elements(of: old), elements(of: new))
        let known = Dictionary(old) { first, _ in first }
        let present = Set(new.map(\.key))
        let gone = old.filter { !present.contains($0.key) }.map { "\(name($0.value)): gone" }
        return gone
            + new.compactMap { key, element in
                guard let before = known[key] else {
                    return "\(name(element)): new" + (element.place.map { " on \($0)" } ?? "")
                }
                let changes = changes(from: before, to: element)
                return changes.isEmpty ? nil : "\(name(element)): \(changes.joined(separator: ", "))"
            }
    }

    private static func name(_ element: Element) -> String { "\(element.kind) \(element.name)" }

    private static func changes(from old: Element, to new: Element) -> [String] {
        var changes: [String] = []
        if old.place != new.place {
            changes.append("moved from \(old.place ?? "nowhere") to \(new.place ?? "nowhere")")
        }
        guard old.fields != new.fields else { return changes }
        var names = new.fields.keys
        names += old.fields.keys.filter { !names.contains($0) }
        for name in names where old.fields[name] != new.fields[name] {
            // Where it is has been told.
            if old.place != new.place, ["host", "hypervisor_hostname"].contains(name) { continue }
            func shown(_ fields: JSONObject) -> String { fields[name].map { $0.string ?? $0.json } ?? "unknown" }
            changes.append("\(name) \(shown(old.fields)) -> \(shown(new.fields))")
        }
        return changes
    }

    private static func elements(of model: any Model) -> [(key: String, value: Element)] {
        switch model {
        case let model as ModelRoot:
            return model.allNodes.map { node in
                ("node \(node.uuid)", Element(kind: "node", name: node.hostname ?? node.uuid, fields: node.json))
            }
                + model.instanceIDs.map { id in
                    let place = model.nodeID(of: id).map { model[$0].hostname ?? model[$0].uuid }
                    let instance = model[id]
                    return (
                        "instance \(instance.uuid)",
                        Element(
                            kind: "instance", name: instance.name ?? instance.uuid, place: place, fields: instance.json)
                    )
                }
        case let model as StorageModelRoot:
            let nodes = model.allNodes.map { ($0.host, Element(kind: "storage node", name: $0.host, fields: $0.json)) }
            let pools = model.allPools.map { ($0.name, Element(kind: "pool", name: $0.name, fields: $0.json)) }
            var poolOf: [String: String] = [:]
            for pool in model.allPools {
                for volume in model.volumes(in: pool.name) { poolOf[volume.uuid] = pool.name }
            }
            let volumes = model.allVolumes.map { volume in
                let name = volume.name.flatMap { $0.isEmpty ? nil : $0 } ?? volume.uuid
                return (
                    volume.uuid, Element(kind: "volume", name: name, place: poolOf[volume.uuid], fields: volume.json)
                )
            }
            return (nodes + pools + volumes).map { ("\($1.kind) \($0)", $1) }
        case let model as BaremetalModelRoot:
            return model.allNodes.map { ($0.uuid, Element(kind: "machine", name: $0.uuid, fields: $0.json)) }
        case let model as OtherModel:
            // Of its parts nothing is known but their names.
            return [("model", Element(kind: "model", name: model.kind, fields: model.json.object ?? [:]))]
        default: return []
        }
    }
}
