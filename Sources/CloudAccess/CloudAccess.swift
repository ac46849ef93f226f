// SPDX-License-Identifier: Apache-2.0
package import OpenStack
package import Settings

/// How the front doors learn whom a cloud is asked as.
///
/// It stands above the settings and above the door, which know nothing of each other: the door takes plain credentials
/// and the rooms that use it take a session, so that only a front door says where either comes from.
package enum CloudAccess {
    /// Reads `[service_credentials]`, or `clouds.yaml` where a cloud is named, or `OS_*` of the environment.
    ///
    /// - Returns: nil where none of them names a Keystone.
    package static func credentials(
        _ configuration: Configuration, environment: [String: String]
    ) throws(Mistake) -> CloudCredentials? {
        var options = try CloudOptions(configuration)
        let surroundings = CloudOptions(environment: environment)
        if let (name, place) = try cloudName(configuration, environment, isSet: options.values["auth_url"] != nil) {
            guard let path = CloudsFile.path(environment: environment) else {
                throw Mistake(
                    place, "os_cloud", found: "\(name.quoted), and no clouds.yaml",
                    allowed: "a cloud of ./clouds.yaml, ~/.config/openstack/clouds.yaml or /etc/openstack/clouds.yaml")
            }
            options.add(try CloudsFile(path: path).options(of: name, namedAt: place))
            guard options.values["auth_url"] != nil else {
                throw Mistake(
                    place, "os_cloud", found: "\(name.quoted), which has no auth_url in \(path)",
                    allowed: "a cloud with Keystone's address")
            }
        } else if options.values["auth_url"] == nil {
            // All or nothing: nobody wants one's password with another's name.
            guard options.values.isEmpty || surroundings.values["auth_url"] == nil else {
                throw half(options)
            }
            // A password alone in somebody's shell is no cloud of ours.
            if surroundings.values["auth_url"] != nil { options.add(surroundings) }
        }
        for name in ["region_name", "interface"] {
            guard let value = surroundings.values[name], let place = surroundings.places[name] else { continue }
            options.add(name, value, at: place)
        }
        guard options.values["auth_url"] != nil else {
            let isOfCloud = Set(options.values.keys).isSubset(of: ["region_name", "interface", "timeout", "insecure"])
            if isOfCloud { return nil }
            throw half(options)
        }
        return try credentials(options, configuration)
    }

    private static func credentials(
        _ options: CloudOptions, _ configuration: Configuration
    ) throws(Mistake) -> CloudCredentials {
        var credentials: CloudCredentials
        do throws(CloudOptionError) {
            credentials = try CloudCredentials(options: options.values)
        } catch {
            let place = options.places[error.option] ?? options.places["auth_url"] ?? .init("built-in configuration")
            throw Mistake(
                place, "[\(CloudSettings.section)] \(error.option)", found: error.found, allowed: error.allowed)
        }
        credentials.endpoints = options.endpoints
        credentials.concurrency = try configuration.value(CloudSettings.requests)
        return credentials
    }

    private static func cloudName(
        _ configuration: Configuration, _ environment: [String: String], isSet: Bool
    ) throws(Mistake) -> (name: String, place: Mistake.Place)? {
        let name = try configuration.value(CloudSettings.cloud)
        if !name.isEmpty, let place = configuration.place(of: CloudSettings.section, CloudSettings.cloud.name) {
            return (name, place)
        }
        guard !isSet, let name = environment["OS_CLOUD"], !name.isEmpty else { return nil }
        return (name, .init("environment variable OS_CLOUD"))
    }

    private static func half(_ options: CloudOptions) -> Mistake {
        let name = options.values.keys.sorted().first ?? ""
        return Mistake(
            options.places[name] ?? .init("built-in configuration"), "[\(CloudSettings.section)] \(name)",
            found: "given without auth_url", allowed: "with auth_url, Keystone's address; or neither")
    }
}
