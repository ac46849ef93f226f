// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Pipelines
package import Settings

/// What a fleet service wants of this agent.
package struct FetchedGeneration: Sendable, Hashable {
    package var cluster: Int
    /// Its number in that cluster; it may grow while the rest stays.
    package var generation: Int
    /// Of ``config``; equal for what is the same.
    package var digest: String
    package var config: JSONValue

    /// - Throws: ``FleetAgentError`` where the service's answer is none.
    init(_ json: JSONValue) throws {
        guard let cluster = json["cluster"]?.integer, let generation = json["generation"]?.integer,
            let digest = json["digest"]?.string, let config = json["config"], config.object != nil
        else {
            throw FleetAgentError("answered what is no configuration: \(json.json.shortened(to: 100))")
        }
        self.cluster = cluster
        self.generation = generation
        self.digest = digest
        self.config = config
    }

    var json: JSONValue {
        ["cluster": .integer(cluster), "generation": .integer(generation), "digest": .string(digest), "config": config]
    }

    /// For people.
    package var name: String { "generation \(generation) of cluster \(cluster)" }

    /// - Throws: what an agent can't make anything of.
    package func configuration() throws(Mistakes) -> AgentConfiguration {
        try AgentConfiguration(config, named: name)
    }
}

/// Why the fleet service could not be asked, or what it has against it.
struct FleetAgentError: Error, Sendable, Hashable, CustomStringConvertible {
    var description: String
    /// The service's answer; nil where there was none.
    var status: Int?

    init(_ description: String, status: Int? = nil) {
        self.description = description
        self.status = status
    }
}
