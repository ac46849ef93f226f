// SPDX-License-Identifier: Apache-2.0
package import Pipelines

/// What a fleet service has this agent do; it goes before the files.
package struct DeployedConfiguration: Sendable {
    package var configuration: AgentConfiguration
    /// For people: `generation 3 of cluster 1`.
    package var name: String

    package init(_ configuration: AgentConfiguration, name: String) {
        self.configuration = configuration
        self.name = name
    }
}
