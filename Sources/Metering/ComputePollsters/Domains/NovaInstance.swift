// SPDX-License-Identifier: Apache-2.0
internal import Telemetry
internal import XMLTree

/// What nova wrote about an instance into its domain's metadata.
struct NovaInstance: Sendable, Hashable {
    /// Both versions of nova's format, the newer first; they differ in nothing that is read here.
    static let namespaces = [
        "http://openstack.org/xmlns/libvirt/nova/1.1", "http://openstack.org/xmlns/libvirt/nova/1.0",
    ]

    struct Flavor: Sendable, Hashable {
        /// Falls back to the name: before 2025.2 nova wrote no id.
        var id: String
        var name: String
        var vcpus: Int
        /// MiB.
        var ram: Int
        /// GiB.
        var disk: Int
        /// GiB.
        var ephemeral: Int
        /// MiB.
        var swap: Int
        /// nil where nova wrote none, as before 2025.2.
        var extraSpecs: Metadata?
    }

    var name: String
    var flavor: Flavor
    var projectID: String?
    var userID: String?
    /// The image it was started from; nil where it boots from a volume.
    var imageID: String?
    /// nil where nova wrote none, as before 2025.2.
    var imageMeta: Metadata?

    /// - Parameter domain: the `<domain>` element. nil where nova wrote nothing there.
    init?(domain: XMLElement) {
        let elements = domain["metadata"]?.all("instance") ?? []
        let found = Self.namespaces.lazy.compactMap { namespace in elements.first { $0.namespace == namespace } }.first
        guard let instance = found else { return nil }
        name = instance["name"]?.text ?? domain["name"]?.text ?? ""
        flavor = Flavor(instance["flavor"])
        projectID = instance["owner"]?["project"]?.attributes["uuid"]
        userID = instance["owner"]?["user"]?.attributes["uuid"]
        imageID = instance["root"].flatMap { $0.attributes["type"] == "image" ? $0.attributes["uuid"] : nil }
        imageMeta = instance["image"].map(Self.imageMeta)
    }

    private static func imageMeta(_ image: XMLElement) -> Metadata {
        var meta: Metadata = [
            "base_image_ref": .string(image.attributes["uuid"] ?? "")
        ]
        for (key, element) in [
            ("container_format", "containerFormat"), ("disk_format", "diskFormat"), ("min_disk", "minDisk"),
            ("min_ram", "minRam"),
        ] {
            if let text = image[element]?.text { meta[key] = .string(text) }
        }
        for property in image["properties"]?.all("property") ?? [] {
            if let name = property.attributes["name"] { meta[name] = .string(property.text) }
        }
        return meta
    }
}

extension NovaInstance.Flavor {
    fileprivate init(_ element: XMLElement?) {
        func number(_ name: String) -> Int { element?[name].flatMap { Int($0.text) } ?? 0 }
        name = element?.attributes["name"] ?? ""
        id = element?.attributes["id"].flatMap { $0.isEmpty ? nil : $0 } ?? name
        vcpus = number("vcpus")
        ram = number("memory")
        disk = number("disk")
        ephemeral = number("ephemeral")
        swap = number("swap")
        extraSpecs = element?["extraSpecs"].map { specs in
            specs.all("extraSpec").reduce(into: [:]) { metadata, spec in
                if let name = spec.attributes["name"] { metadata[name] = .string(spec.text) }
            }
        }
    }
}
