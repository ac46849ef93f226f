// SPDX-License-Identifier: Apache-2.0
package import Settings

/// What operators set for the pollsters of a cloud's services.
package struct CentralSettings: Sendable, Hashable {
    /// What accounts of the object store begin with, before the project's id.
    package var resellerPrefix: String
    package var ignoresDisabledProjects: Bool
    /// Whether ``IdentityNames`` are asked for.
    package var namesIdentities: Bool
    /// nil where there is none to be asked.
    var gateway: GatewaySettings?

    static let prefix = Setting(
        "reseller_prefix", in: "DEFAULT", default: "AUTH_",
        help: "What the object store's accounts begin with, before the project's id; Swift's own setting.",
        allowed: "text for a URL", check: { $0.utf8.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "/") } })

    static let ignoresDisabled = Setting(
        "ignore_disabled_projects", in: "polling", default: false,
        help: "Whether projects that are disabled, or whose domain is, are left out of what the discovery tenant finds."
    )

    static let identityNames = Setting(
        "identity_name_discovery", in: "polling", default: false,
        help: "Whether Keystone is asked for the names of the samples' projects and users; they are kept for ten "
            + "minutes.")

    package static let all: [AnySetting] =
        [AnySetting(prefix), AnySetting(ignoresDisabled), AnySetting(identityNames)] + GatewaySettings.all

    package init(_ configuration: Configuration) throws(Mistakes) {
        do throws(Mistake) {
            resellerPrefix = try configuration.value(Self.prefix)
            ignoresDisabledProjects = try configuration.value(Self.ignoresDisabled)
            namesIdentities = try configuration.value(Self.identityNames)
            gateway = try GatewaySettings(configuration)
        } catch {
            throw Mistakes([error])
        }
    }
}
