// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Settings

/// Parts of agents' configurations that were read, or found wrong, by what they are made of.
package struct KnownParts: Sendable {
    var polling = Part<PollingDefinition>(key: "/polling")
    var pipeline = Part<PipelineDefinition>(key: "/pipeline")

    package init() {}

    struct Part<Definition: Sendable>: Sendable {
        let key: String
        private var known: [JSONValue: Result<Definition, Mistakes>] = [:]

        init(key: String) { self.key = key }

        mutating func part(
            _ value: JSONValue, _ read: () throws(Mistakes) -> Definition
        ) throws(Mistakes) -> Definition {
            if let known = known[value] { return try known.get() }
            let result = Result { () throws(Mistakes) in try read() }
                .mapError { Mistakes($0.all.map { pointed($0, in: value) }) }
            known[value] = result
            return try result.get()
        }

        /// `sources[0].interval` of the list is `/polling/sources/cpu/interval` of the object.
        private func pointed(_ mistake: Mistake, in value: JSONValue) -> Mistake {
            guard !mistake.key.hasPrefix("/") else { return mistake }
            var mistake = mistake
            var path = key
            let words = mistake.key.split(separator: ".", maxSplits: 1)
            if let head = words.first, let start = head.firstIndex(of: "["), head.hasSuffix("]"),
                let index = Int(head[head.index(after: start)...].dropLast()),
                case let list = String(head[..<start]), let named = value[list]?.object?.entries,
                named.indices.contains(index)
            {
                path += "/\(list)/\(named[index].key.pointerSegment)"
                if words.count > 1 {
                    path += "/" + words[1].replacing("[", with: "/").replacing("]", with: "").replacing(".", with: "/")
                }
                mistake.key = path
            } else {
                mistake.key = mistake.key.isEmpty ? path : "\(path), \(mistake.key)"
            }
            return mistake
        }
    }
}
