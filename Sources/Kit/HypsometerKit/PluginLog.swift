// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// The plug-in's part of the host's log: lines on standard error, which the host writes into its own at level info with
/// the plug-in's name. Past a few a second they are counted and left out.
public struct PluginLog: Sendable {
    public init() {}

    /// - Parameter text: one line.
    public func callAsFunction(_ text: String) {
        let line = text + "\n"
        _ = write(STDERR_FILENO, line, line.utf8.count)  // where nobody listens there is nobody to tell
    }
}
