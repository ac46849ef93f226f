// SPDX-License-Identifier: Apache-2.0
internal import Settings

/// Options by keystoneauth's names, and where each was written.
struct CloudOptions {
    var values: [String: String] = [:]
    var places: [String: Mistake.Place] = [:]
    /// By a service's type.
    var endpoints: [String: String] = [:]

    /// Takes one over unless there is one already.
    mutating func add(_ name: String, _ value: String, at place: Mistake.Place) {
        guard !value.isEmpty, values[name] == nil else { return }
        values[name] = value
        places[name] = place
    }

    mutating func add(_ others: CloudOptions) {
        for (name, value) in others.values where values[name] == nil {
            values[name] = value
            places[name] = others.places[name]
        }
        endpoints.merge(others.endpoints) { own, _ in own }
    }
}

extension CloudOptions {
    /// What `[service_credentials]` says.
    init(_ configuration: Configuration) throws(Mistake) {
        for setting in CloudSettings.options {
            guard let place = configuration.place(of: setting.section, setting.name) else { continue }
            add(setting.name, try configuration.value(setting), at: place)
        }
        let file = try configuration.value(CloudSettings.passwordFile)
        guard !file.isEmpty, let place = configuration.place(of: CloudSettings.section, CloudSettings.passwordFile.name)
        else { return }
        let key = "[\(CloudSettings.section)] password_file"
        let isOfUser = values["application_credential_id"] == nil && values["application_credential_name"] == nil
        let name = isOfUser ? "password" : "application_credential_secret"
        guard values[name] == nil else {
            throw Mistake(place, key, found: "given together with \(name)", allowed: "one of the two")
        }
        let text: String
        do throws(Mistake) {
            text = try TextFile.read(file)
        } catch {
            throw Mistake(
                place, key, found: "\(file.quoted), which \(error.found)", allowed: "a file that this user may read")
        }
        let line = String(text.prefix { !$0.isNewline })
        guard !line.isEmpty else {
            throw Mistake(
                place, key, found: "\(file.quoted), whose first line is empty",
                allowed: "a file whose first line is the secret and nothing else")
        }
        add(name, line, at: place)
    }

    /// What the environment says, as OpenStack's own commands read it.
    init(environment: [String: String]) {
        let others = [
            "OS_CACERT": "cafile", "OS_CERT": "certfile", "OS_KEY": "keyfile", "OS_ENDPOINT_TYPE": "interface",
            "OS_TENANT_NAME": "project_name", "OS_TENANT_ID": "project_id",
        ]
        // What the section names itself is spelt alike there.
        let usual = CloudSettings.options.map { ("OS_\($0.name.uppercased())", $0.name) }
        for (variable, name) in usual + others.sorted(by: { $0.key < $1.key }).map({ ($0.key, $0.value) }) {
            guard let value = environment[variable] else { continue }
            add(name, value, at: .init("environment variable \(variable)"))
        }
    }
}
