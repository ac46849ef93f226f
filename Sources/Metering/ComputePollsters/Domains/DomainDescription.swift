// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry
internal import XMLTree

/// What a domain is, apart from its figures: who owns it, what it was made as. Read once and kept, since it costs a
/// call and an XML text.
struct DomainDescription: Sendable, Hashable {
    /// A network interface that the host sees.
    struct Interface: Sendable, Hashable {
        /// Such as `tapdb514b6b-80`.
        var device: String
        var mac: String
        /// The name of its network filter, if it has one.
        var filter: String?
        /// The filter's, names in lower case.
        var parameters: Metadata
        /// Of its virtual port.
        var interfaceID: String?
        var bridge: String?
    }

    var uuid: String
    /// libvirt's, such as `instance-0000002a`.
    var domainName: String
    /// nil for domains that nova did not start.
    var nova: NovaInstance?
    /// Virtual CPUs in use when it was read.
    var vcpus: Int?
    /// Memory it was given, in MiB.
    var memory: Int?
    /// Such as `x86_64`.
    var architecture: String?
    /// Such as `hvm`.
    var osType: String?
    /// The targets of its disks, without drives that hold no medium; nil where the description could not be read.
    var disks: [String]?
    /// nil where the description could not be read.
    var interfaces: [Interface]?

    /// Reads the text that libvirt describes a domain with.
    init(uuid: String, xml: String) throws(XMLError) {
        let domain = try XMLElement(parsing: xml)
        self.uuid = uuid
        domainName = domain["name"]?.text ?? ""
        nova = NovaInstance(domain: domain)
        vcpus = domain["vcpu"].flatMap { Int($0.attributes["current"] ?? $0.text) }
        // Live XML has it in KiB always.
        memory = domain["currentMemory"].flatMap { Int($0.text) }.map { $0 / 1024 }
        architecture = domain["os"]?["type"]?.attributes["arch"]
        osType = domain["os"]?["type"]?.text
        let devices = domain["devices"]
        disks = devices?.all("disk").compactMap { $0["source"] == nil ? nil : $0["target"]?.attributes["dev"] } ?? []
        interfaces = devices?.all("interface").compactMap(Interface.init) ?? []
    }

    /// Where the description could not be read: the name and nothing more.
    init(uuid: String, domainName: String) {
        self.uuid = uuid
        self.domainName = domainName
    }
}

extension DomainDescription.Interface {
    /// nil for one without device or MAC address: the host can't tell its traffic.
    init?(_ element: XMLElement) {
        guard let device = element["target"]?.attributes["dev"], let mac = element["mac"]?.attributes["address"] else {
            return nil
        }
        self.device = device
        self.mac = mac
        filter = element["filterref"]?.attributes["filter"]
        parameters = [:]
        for parameter in element["filterref"]?.all("parameter") ?? [] {
            guard let name = parameter.attributes["name"], let value = parameter.attributes["value"] else { continue }
            parameters[name.lowercased()] = .string(value)
        }
        interfaceID = element["virtualport"]?["parameters"]?.attributes["interfaceid"]
        bridge = element["source"]?.attributes["bridge"]
    }
}
