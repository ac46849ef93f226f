// SPDX-License-Identifier: Apache-2.0
package import Settings

/// The host's settings as plug-ins may read them.
package enum HostSettings {
    /// Every declared setting that is no secret, with the value in force; passwords in URLs are hidden. What is not
    /// declared stays here, as it may be a secret.
    package static func shared(
        _ settings: [AnySetting], _ configuration: Configuration
    ) -> [String: [String: String]] {
        var shared: [String: [String: String]] = [:]
        for setting in settings where !setting.isSecret {
            let value = configuration.text(of: setting)?.value ?? setting.defaultText
            shared[setting.section, default: [:]][setting.name] = value.withoutPassword
        }
        return shared
    }
}
