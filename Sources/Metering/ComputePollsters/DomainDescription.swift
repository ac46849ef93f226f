// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry
internal import XMLTree

/// What a domain is, apart from its figures: who owns it, what it was made as. Read once and kept, since it costs a
/// call and an XML text.
struct DomainDescription: Sendable, Hashable {
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
    }

    /// Where the description could not be read: the name and nothing more.
    init(uuid: String, domainName: String) {
        self.uuid = uuid
        self.domainName = domainName
    }
}
