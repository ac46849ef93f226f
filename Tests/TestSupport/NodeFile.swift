// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Domains for libvirt's test driver: `test:///path`. They live in whatever process opens that; nothing is installed or
/// started.
package final class NodeFile {
    package let path: String
    package var uri: String { "test://\(path)" }

    /// - Parameter domains: name, UUID and the test driver's run state (1 running, 3 paused, 5 shut off) of each.
    package convenience init(_ domains: [(name: String, uuid: String, state: Int)]) throws {
        try self.init(
            domains: domains.map { domain in
                Self.domain(domain.name, domain.uuid, state: domain.state, metadata: "", disks: ["vda"])
            })
    }

    /// Running domains as nova makes them, with one or two disks and a network interface.
    package convenience init(instances count: Int) throws {
        try self.init(domains: [])
        try write(instances: count)
    }

    /// - Parameter domains: the XML of each.
    package init(domains: [String]) throws {
        path = NSTemporaryDirectory() + "hypsometer-\(UUID().uuidString).xml"
        try write(domains)
    }

    deinit { unlink(path) }

    /// Writes the file anew, with running domains as nova makes them. A connection that is open holds on to those that
    /// it has read.
    ///
    /// - Parameters:
    ///   - prologue: stands before the root element, whose name is `node`.
    ///   - metadata: of a domain, by its number: what else stands among nova's elements.
    package func write(instances count: Int, prologue: String = "", metadata: (Int) -> String = { _ in "" }) throws {
        let domains = (1...count).map { index in
            Self.domain(
                HypervisorLab.name(index), HypervisorLab.uuid(index), state: 1,
                metadata: Self.nova(index, metadata(index)), disks: index.isMultiple(of: 2) ? ["vda"] : ["vda", "vdb"],
                tap: "tap\(index)")
        }
        try write(domains, prologue: prologue)
    }

    private func write(_ domains: [String], prologue: String = "") throws {
        try "\(prologue)<node>\n\(domains.joined(separator: "\n"))\n</node>\n".write(
            toFile: path, atomically: true, encoding: .utf8)
    }

    private static func domain(
        _ name: String, _ uuid: String, state: Int, metadata: String, disks: [String], tap: String = "tap1"
    ) -> String {
        let disks = disks.map { "<disk type='file'><source file='/nowhere/\($0).img'/><target dev='\($0)'/></disk>" }
        return """
            <domain type="test" xmlns:test="http://libvirt.org/schemas/domain/test/1.0">
              <name>\(name)</name><uuid>\(uuid)</uuid><metadata>\(metadata)</metadata>
              <memory unit="KiB">65536</memory><vcpu>2</vcpu><os><type arch="i686">hvm</type></os>
              <devices>
                \(disks.joined())
                <interface type="bridge">
                  <mac address="52:54:00:00:00:01"/><source bridge="br"/><target dev="\(tap)"/>
                </interface>
                <memballoon model="virtio"/>
              </devices>
              <test:runstate>\(state)</test:runstate>
            </domain>
            """
    }

    private static func nova(_ index: Int, _ more: String) -> String {
        """
        <nova:instance xmlns:nova="http://openstack.org/xmlns/libvirt/nova/1.1">
          \(more)<nova:name>vm-\(index)</nova:name>
          <nova:flavor name="m1.tiny" id="f-\(index % 5)">
            <nova:memory>64</nova:memory><nova:disk>1</nova:disk><nova:swap>0</nova:swap>
            <nova:ephemeral>0</nova:ephemeral><nova:vcpus>2</nova:vcpus>
          </nova:flavor>
          <nova:owner>
            <nova:user uuid="user-\(index % 11)">u</nova:user>
            <nova:project uuid="project-\(index % 7)">p</nova:project>
          </nova:owner>
        </nova:instance>
        """
    }
}
