// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Digests
internal import FleetExtensions
internal import Pipelines
internal import PluginHost
internal import Settings

/// What each node is to be configured by, read as its agent will read it.
struct ConfigurationCheck: Sendable {
    struct Configuration: Sendable, Hashable {
        var node: Int
        /// Of the text; the same for nodes that are configured alike.
        var digest: String
        /// JSON, keys in alphabetical order.
        var text: String
    }

    /// So many mistakes are told; a cluster's nodes mostly share theirs.
    private static let mostTold = 10

    /// - Throws: ``FleetProblem`` with node, place and author of what an agent would refuse.
    static func configurations(of data: DeploymentData, nodes: [FleetNode]) throws -> [Configuration] {
        var known = KnownParts()
        var good: Set<String> = []
        var lines: [String] = []
        var faulty = 0
        var blamed: DeploymentData.Step?
        let configurations = nodes.map { node -> Configuration in
            let id = node.id ?? 0
            let json = JSONValue.object(data.configuration(of: "\(id)").sorted)
            let text = json.json
            let digest = SHA224.hex(text)
            if !good.contains(digest) {
                do throws(Mistakes) {
                    _ = try AgentConfiguration(json, named: "node \(id) (\(node.name.shortened()))", known: &known)
                    good.insert(digest)
                } catch {
                    faulty += 1
                    for mistake in error.inOrder where lines.count < Self.mostTold {
                        let step = data.author(of: JSONPointer(String(mistake.key.prefix { $0 != "," })), node: "\(id)")
                        blamed = blamed ?? step
                        lines.append("\(mistake)" + (step.map { "; set by \($0.author)" } ?? ""))
                    }
                }
            }
            return Configuration(node: id, digest: digest, text: text)
        }
        guard faulty > 0 else { return configurations }
        throw FleetProblem(
            .refused,
            "The agents of \(faulty) nodes would refuse their configuration. \(lines.joined(separator: ". ")).",
            extensionName: blamed?.extensionName, event: "process_\(data.kind.rawValue)")
    }

    /// That provisioning data has what brings an agent up.
    static func check(provisioning data: DeploymentData, nodes: [FleetNode]) throws {
        for node in nodes {
            let id = "\(node.id ?? 0)"
            let json = JSONValue.object(data.configuration(of: id))
            for path in ["/fleet/url", "/fleet/token", "/agent/version"] {
                let pointer = JSONPointer(path)
                let found = pointer.value(in: json)
                guard found?.string?.isEmpty == false else {
                    let step = data.author(of: pointer, node: id)
                    throw FleetProblem(
                        .refused,
                        "Node \(id) can't be brought up: \(path) of its provisioning data is "
                            + "\(found?.json.prefix(60) ?? "missing"); allowed: a text"
                            + (step.map { "; set by \($0.author)" } ?? ""),
                        extensionName: step?.extensionName, event: "process_\(data.kind.rawValue)")
                }
            }
        }
    }
}
