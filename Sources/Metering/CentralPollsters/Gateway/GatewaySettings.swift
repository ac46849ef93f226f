// SPDX-License-Identifier: Apache-2.0
internal import OpenStack
internal import Settings
internal import WebClient

/// What operators set for Ceph's object gateway; the names are Ceilometer's.
struct GatewaySettings: Sendable, Hashable {
    /// Under which the catalog has it; either may be nil, not both.
    var serviceType: String?
    var serviceName: String?
    var accessKey: CloudSecret
    var secretKey: CloudSecret
    /// Whether each project's user is of a tenant of the same name.
    var usesImplicitTenants: Bool
    var trust: WebTrust

    static let all: [AnySetting] = [
        AnySetting(type), AnySetting(access), AnySetting(secret), AnySetting(secretFile), AnySetting(name),
        AnySetting(implicitTenants), AnySetting(insecure), AnySetting(authorities), AnySetting(oldest),
        AnySetting(newest),
    ]

    private static let type = Setting(
        "radosgw", in: "service_types", default: "",
        help: "The type that the catalog has Ceph's object gateway under, such as object-store. Empty, and "
            + "[rgw_client] rgw_service_name too: no gateway is asked.")

    private static let access = Setting(
        "access_key", in: "rgw_admin_credentials", default: "",
        help: "The access key of a user of the object gateway who may read buckets and usage.", isSecret: true)

    private static let secret = Setting(
        "secret_key", in: "rgw_admin_credentials", default: "", help: "The secret key that belongs to it.",
        isSecret: true)

    private static let secretFile = Setting(
        "secret_key_file", in: "rgw_admin_credentials", default: "",
        help: "A file whose first line is the secret key, such as a systemd credential.",
        allowed: "a path, or nothing")

    private static let name = Setting(
        "rgw_service_name", in: "rgw_client", default: "",
        help: "The name that the catalog has the object gateway under, such as ceph, where its type alone doesn't tell "
            + "it from another object store.")

    private static let implicitTenants = Setting(
        "implicit_tenants", in: "rgw_client", default: false,
        help:
            "Whether the gateway runs with rgw_keystone_implicit_tenants, so that a project's user is PROJECT$PROJECT."
    )

    private static let insecure = Setting(
        "insecure", in: "rgw_client", default: false,
        help: "Whether any certificate of the gateway is taken, as Ceilometer does where nothing is set.")

    private static let authorities = Setting(
        "cafile", in: "rgw_client", default: "",
        help: "A PEM file of the authorities that are trusted for the gateway. Empty: the system's.",
        allowed: "a path, or nothing")

    private static let oldest = Setting(
        "tls_min_version", in: "rgw_client", default: "",
        help: "The oldest version of TLS that is spoken with the gateway. Empty: 1.2.", allowed: versions,
        check: { $0.isEmpty || WebTrust.Version(rawValue: $0) != nil })

    private static let newest = Setting(
        "tls_max_version", in: "rgw_client", default: "",
        help: "The newest version of TLS that is spoken with the gateway. Empty: 1.3.", allowed: versions,
        check: { $0.isEmpty || WebTrust.Version(rawValue: $0) != nil })

    private static let versions = "1.2, 1.3, or nothing"

    /// nil where no gateway is to be asked.
    init?(_ configuration: Configuration) throws(Mistake) {
        func text(_ setting: Setting<String>) throws(Mistake) -> String? {
            let value = try configuration.value(setting)
            return value.isEmpty ? nil : value
        }
        func mistake(_ setting: Setting<String>, _ found: String, _ allowed: String) -> Mistake {
            Mistake(
                configuration.place(of: setting.section, setting.name) ?? .init("built-in configuration"),
                "[\(setting.section)] \(setting.name)", found: found, allowed: allowed)
        }
        serviceType = try text(Self.type)
        serviceName = try text(Self.name)
        let access = try text(Self.access)
        let secret = try Self.secretKey(configuration, text(Self.secret), text(Self.secretFile))
        let isNamed = serviceType != nil || serviceName != nil
        guard let access, let secret else {
            if access != nil || secret != nil {
                let given = access != nil ? Self.access : Self.secret
                let other = access != nil ? Self.secret : Self.access
                throw mistake(given, "given without \(other.name)", "both, or neither")
            }
            guard isNamed else { return nil }
            throw mistake(
                serviceName != nil ? Self.name : Self.type,
                "given without [rgw_admin_credentials] access_key and secret_key", "with both, or not at all")
        }
        guard isNamed else {
            throw mistake(
                Self.access, "given without a gateway",
                "with [rgw_client] rgw_service_name or [service_types] radosgw, which say where it is")
        }
        accessKey = CloudSecret(access)
        secretKey = CloudSecret(secret)
        usesImplicitTenants = try configuration.value(Self.implicitTenants)
        trust = WebTrust()
        trust.verifies = try !configuration.value(Self.insecure)
        trust.authorities = try text(Self.authorities)
        trust.oldestVersion = try text(Self.oldest).flatMap { WebTrust.Version(rawValue: $0) } ?? .tls12
        trust.newestVersion = try text(Self.newest).flatMap { WebTrust.Version(rawValue: $0) }
        if trust.oldestVersion == .tls13, trust.newestVersion == .tls12 {
            throw mistake(Self.oldest, "1.3, with tls_max_version = 1.2", "at most the newest")
        }
        do throws(CloudOptionError) {
            try trust.check()
        } catch {
            throw mistake(Self.authorities, error.found, error.allowed)
        }
    }

    private static func secretKey(
        _ configuration: Configuration, _ secret: String?, _ file: String?
    ) throws(Mistake) -> String? {
        guard secret == nil, let file,
            let place = configuration.place(of: secretFile.section, secretFile.name)
        else { return secret }
        let text: String
        do throws(Mistake) {
            text = try TextFile.read(file)
        } catch {
            throw Mistake(
                place, "[\(secretFile.section)] \(secretFile.name)", found: "\(file.quoted), which \(error.found)",
                allowed: "a file that this user may read")
        }
        let line = text.prefix { !$0.isNewline }
        guard !line.isEmpty else {
            throw Mistake(
                place, "[\(secretFile.section)] \(secretFile.name)", found: "\(file.quoted), which begins with no text",
                allowed: "a file whose first line is the secret key")
        }
        return String(line)
    }
}
