// SPDX-License-Identifier: Apache-2.0
internal import Settings
internal import Yams

/// `clouds.yaml`, and `secure.yaml` beside it: the clouds that OpenStack's own commands know.
struct CloudsFile {
    let path: String
    private let clouds: Node.Mapping
    private let secrets: Node.Mapping?

    /// The first that there is, where those commands look: `OS_CLIENT_CONFIG_FILE`, here, of the user, of the system.
    ///
    /// - Returns: nil where there is none.
    static func path(environment: [String: String]) -> String? {
        if let path = environment["OS_CLIENT_CONFIG_FILE"] { return path }
        let home = environment["HOME"].map { ["\($0)/.config/openstack"] } ?? []
        return (["."] + home + ["/etc/openstack"]).flatMap { ["\($0)/clouds.yaml", "\($0)/clouds.yml"] }.first {
            TextFile.exists($0)
        }
    }

    init(path: String) throws(Mistake) {
        self.path = path
        clouds = try Self.clouds(path)
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let secure = "\(folder)secure.yaml"
        secrets = TextFile.exists(secure) ? try Self.clouds(secure) : nil
    }

    private static func clouds(_ path: String) throws(Mistake) -> Node.Mapping {
        let text = try TextFile.read(path)
        // For what is said of a file that is no YAML.
        _ = try YAMLValue(file: path, text: text)
        guard let node = try? Yams.compose(yaml: text), let clouds = node["clouds"]?.mapping else {
            throw Mistake(.init(path), "clouds", found: "nothing", allowed: "a mapping of clouds by their names")
        }
        return clouds
    }

    /// - Parameter place: where the name stands.
    func options(of name: String, namedAt place: Mistake.Place) throws(Mistake) -> CloudOptions {
        guard let cloud = clouds[Node(name)]?.mapping else {
            throw Mistake(place, "cloud", unknown: name, among: clouds.keys.compactMap { $0.string }, seenWith: path)
        }
        var options = CloudOptions()
        for mapping in [secrets?[Node(name)]?.mapping, cloud].compactMap({ $0 }) { read(mapping, into: &options) }
        if let profile = cloud["profile"]?.string ?? cloud["cloud"]?.string, options.values["auth_url"] == nil {
            throw Mistake(
                at(cloud["profile"] ?? cloud["cloud"]), "clouds.\(name)",
                found: "profile \(profile.quoted), which is not looked up", allowed: "auth_url itself")
        }
        return options
    }

    private func read(_ cloud: Node.Mapping, into options: inout CloudOptions) {
        for (key, value) in cloud["auth"]?.mapping ?? [:] {
            guard let name = key.string, let text = value.scalar?.string else { continue }
            options.add(name.replacing("-", with: "_"), text, at: at(value))
        }
        let names = [
            "auth_type": "auth_type", "region_name": "region_name", "interface": "interface",
            "endpoint_type": "interface", "cacert": "cafile", "cert": "certfile", "key": "keyfile",
            "api_timeout": "timeout",
        ]
        for (key, value) in cloud {
            guard let key = key.string?.replacing("-", with: "_"), let text = value.scalar?.string else { continue }
            if let name = names[key] {
                options.add(name, text, at: at(value))
            } else if key == "verify" {
                options.add("insecure", value.bool == false ? "true" : "false", at: at(value))
            } else if key.hasSuffix("_endpoint_override") {
                let type = key.dropLast("_endpoint_override".count).replacing("_", with: "-")
                options.endpoints[String(type)] = text
            }
        }
        if options.values["region_name"] == nil, let region = cloud["regions"]?.sequence?.first {
            options.add("region_name", region.string ?? region["name"]?.string ?? "", at: at(region))
        }
    }

    private func at(_ node: Node?) -> Mistake.Place { .init(path, line: node?.mark?.line) }
}
