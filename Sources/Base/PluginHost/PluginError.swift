// SPDX-License-Identifier: Apache-2.0

/// Why a plug-in gave no answer, or none that can be used.
package struct PluginError: Error, Sendable, Hashable, CustomStringConvertible {
    package var plugin: String
    /// After the plug-in's name: `was killed by signal 9`.
    package var reason: String

    package init(_ plugin: String, _ reason: String) {
        self.plugin = plugin
        self.reason = reason
    }

    package var description: String { "plug-in \(plugin) \(reason)" }
}
