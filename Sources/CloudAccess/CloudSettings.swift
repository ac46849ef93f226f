// SPDX-License-Identifier: Apache-2.0
internal import OpenStack
package import Settings

/// The settings of `[service_credentials]`: how the cloud's services are asked, and as whom. Names and meanings are
/// keystoneauth's.
package enum CloudSettings {
    package static let section = "service_credentials"

    static let cloud = text(
        "os_cloud",
        "A cloud of clouds.yaml, whose values count where this section has none. Empty: OS_CLOUD of the "
            + "environment, if it is there.")

    static let passwordFile = text(
        "password_file",
        "A file whose first line is the password, or the application credential's secret, such as a "
            + "systemd credential.", allowed: "a path, or nothing")

    static let requests = Setting(
        "max_parallel_requests", in: "DEFAULT", default: 16, 1...1000,
        help: "Requests under way at a time, for each service of the cloud.")

    /// Those that ``CloudCredentials/options`` names.
    static let options: [Setting<String>] = [
        text(
            "auth_type",
            "How one logs in: password, v3applicationcredential or token. Empty: as the other settings "
                + "have it."),
        text(
            "auth_url",
            "Keystone's address, such as https://cloud:5000/v3. Empty: no service of a cloud is asked, "
                + "unless clouds.yaml or OS_AUTH_URL of the environment says where."),
        text("username", "The user's name."), text("user_id", "The user's id, in place of the name."),
        text("password", "The user's password.", isSecret: true),
        text("user_domain_name", "The domain that the user's name is known in, often Default."),
        text("user_domain_id", "The same by its id, often default."),
        text("project_name", "The project that one works in."), text("project_id", "The same by its id."),
        text("project_domain_name", "The domain that the project's name is known in."),
        text("project_domain_id", "The same by its id."),
        text("domain_name", "The domain that one works in, where it is no project."),
        text("domain_id", "The same by its id."),
        text("system_scope", "all, where one works in no project and no domain."),
        text("default_domain_name", "The domain of user and project, where they have none of their own."),
        text("default_domain_id", "The same by its id."),
        text("application_credential_id", "The id of an application credential."),
        text("application_credential_name", "Its name, with the user's."),
        text("application_credential_secret", "Its secret.", isSecret: true),
        text("token", "A token, where somebody else logs in.", isSecret: true),
        text("region_name", "Whose services are asked. Empty: the first that the catalog has."),
        text(
            "interface",
            "Which addresses are taken: public, internal, admin, or several with commas between them, "
                + "the first that there is. Empty: public."),
        text(
            "cafile", "A PEM file of the authorities that are trusted. Empty: the system's.",
            allowed: "a path, or nothing"),
        text("certfile", "A PEM file with our own certificate.", allowed: "a path, or nothing"),
        text("keyfile", "A PEM file with its key, where certfile has none.", allowed: "a path, or nothing"),
        text("insecure", "Whether any certificate is taken: true or false. Empty: false."),
        text("timeout", "Seconds that a request may take, 1 to 3600. Empty: 60."),
    ]

    package static var all: [AnySetting] {
        ([cloud] + options + [passwordFile]).map { AnySetting($0) } + [AnySetting(requests)]
    }

    private static func text(
        _ name: String, _ help: String, allowed: String = "text", isSecret: Bool = false
    ) -> Setting<String> {
        Setting(name, in: section, default: "", help: help, allowed: allowed, isSecret: isSecret)
    }
}
