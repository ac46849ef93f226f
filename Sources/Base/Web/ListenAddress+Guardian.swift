// SPDX-License-Identifier: Apache-2.0
package import Settings

extension ListenAddress {
    /// Refuses an address that other hosts reach where nothing tells who they are.
    ///
    /// - Parameters:
    ///   - guardian: the settings that would, as an operator knows them.
    ///   - setting: where the address comes from.
    package func mustHave(
        _ guardian: String, isThere: Bool, _ setting: Setting<String>, in configuration: Configuration
    ) throws(Mistake) {
        if isLoopback || isThere { return }
        throw Mistake(
            configuration.place(of: setting.section, setting.name) ?? .init("built-in configuration"),
            "[\(setting.section)] \(setting.name)",
            found: "\(host.quoted), which other hosts reach, and no \(guardian)",
            allowed: "an address of this host alone such as 127.0.0.1, or one with \(guardian)")
    }
}
