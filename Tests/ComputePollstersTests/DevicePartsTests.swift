// SPDX-License-Identifier: Apache-2.0
import Libvirt
import Telemetry
import Testing

@testable import ComputePollsters

/// Disks and network interfaces as a description has them, and as resources.
@Suite struct DevicePartsTests {
    private let xml = """
        <domain><name>instance-0000002a</name><devices>
          <disk device='disk'><source file='/a'/><target dev='vda'/></disk>
          <disk device='cdrom'><target dev='hdc'/></disk>
          <interface type='bridge'>
            <mac address='fa:16:3e:00:00:01'/><source bridge='br-int'/><target dev='tap1'/>
            <virtualport type='openvswitch'><parameters interfaceid='p-1'/></virtualport>
            <filterref filter='nova-base'><parameter name='IP' value='10.0.0.1'/></filterref>
          </interface>
          <interface type='ethernet'><mac address='fa:16:3e:00:00:02'/><target dev='tap2'/></interface>
          <interface type='hostdev'><mac address='fa:16:3e:00:00:03'/></interface>
        </devices></domain>
        """
    private let instance = Resource(id: "u", projectID: "p", metadata: ["name": "instance-0000002a"])

    private func description() throws -> DomainDescription { try DomainDescription(uuid: "u", xml: xml) }

    @Test func aDriveWithoutMediumIsNoDisk() throws {
        #expect(try description().disks == ["vda"])
    }

    @Test func anInterfaceOfTheHostAloneIsMetered() throws {
        #expect(try description().interfaces?.map(\.device) == ["tap1", "tap2"])
    }

    @Test func anInterfaceGoesByItsFilter() throws {
        let resource = try #require(description().interface(of: instance, device: "tap1"))
        #expect(resource.id == "nova-base")
        #expect(
            resource.metadata == [
                "name": "tap1", "mac": "fa:16:3e:00:00:01", "fref": "nova-base",
                "parameters": .object(["ip": "10.0.0.1", "interfaceid": "p-1", "bridge": "br-int"]),
                "vnic_name": "nova-base",
            ])
    }

    @Test func anInterfaceWithoutFilterGoesByItsDevice() throws {
        let resource = try #require(description().interface(of: instance, device: "tap2"))
        #expect(resource.id == "instance-0000002a-u-tap2")
        #expect(resource.projectID == "p")
        #expect(resource.metadata["fref"] == .null)
        #expect(resource.metadata["vnic_name"] == "tap2")
    }

    /// It has come since the description was read; the event that says so makes that read again.
    @Test func anInterfaceNotDescribedIsLeftOut() throws {
        #expect(try description().interface(of: instance, device: "tap9") == nil)
    }

    @Test func withoutADescriptionDevicesGoByTheirNames() {
        let bare = DomainDescription(uuid: "u", domainName: "d")
        #expect(bare.interface(of: instance, device: "tap9")?.id == "d-u-tap9")
        #expect(bare.disks == nil)
    }

    @Test func aDiskIsTheInstancesWithItsName() {
        let resource = DomainDescription.disk(of: instance, named: "vda")
        #expect(resource.id == "u-vda")
        #expect(resource.metadata == ["name": "instance-0000002a", "disk_name": "vda"])
    }
}
