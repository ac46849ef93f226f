// SPDX-License-Identifier: Apache-2.0

/// What the command line says about configuration.
package struct AgentOptions: Sendable {
    /// nil where not given.
    package var namespaces: [String]?
    package var pollsterList: [String] = []
    package var configFiles: [String] = []
    package var configDirectories: [String] = []
    package var debug = false

    package init() {}
}
