// SPDX-License-Identifier: Apache-2.0
import Libvirt
import Telemetry
import Testing

@testable import ComputePollsters

@Suite struct DomainDescriptionTests {
    private func description(_ metadata: String = "") throws -> DomainDescription {
        try DomainDescription(uuid: DomainXML.uuid, xml: DomainXML.text(metadata: metadata))
    }

    @Test func anInstanceBelongsToItsProjectAndUser() throws {
        let resource = try description(DomainXML.nova).resource(host: "compute-1", state: .running)
        #expect(resource.id == DomainXML.uuid)
        #expect(resource.projectID == "p-1")
        #expect(resource.userID == "u-1")
    }

    @Test func metadataKeysComeInCeilometersOrder() throws {
        let resource = try description(DomainXML.nova).resource(host: "compute-1", state: .running)
        #expect(
            resource.metadata.entries.map(\.key) == [
                "display_name", "name", "instance_id", "instance_type", "host", "instance_host", "flavor", "status",
                "state", "task_state", "image", "image_ref", "image_ref_url", "image_meta", "architecture", "os_type",
                "vcpus", "memory_mb", "disk_gb", "ephemeral_gb", "root_gb",
            ])
        #expect(resource.metadata["display_name"] == "web & mail")
        #expect(resource.metadata["root_gb"] == 15)
        #expect(
            resource.metadata["flavor"]
                == .object([
                    "id": "f-2", "name": "m1.small", "vcpus": 2, "ram": 2048, "disk": 20, "ephemeral": 5, "swap": 0,
                    "extra_specs": .object(["hw:cpu_policy": "dedicated"]),
                ]))
    }

    @Test func anOldInstanceGoesByItsFlavorsName() throws {
        let resource = try description(DomainXML.oldNova).resource(host: "compute-1", state: .running)
        #expect(resource.projectID == "p-2")
        guard case .object(let flavor)? = resource.metadata["flavor"] else { throw MissingFlavor() }
        #expect(flavor["id"] == "m1.tiny")
        #expect(flavor["extra_specs"] == nil)
        #expect(resource.metadata["image_meta"] == nil)
    }

    @Test func anInstanceThatBootsFromAVolumeHasNoImage() throws {
        let resource = try description(DomainXML.oldNova).resource(host: "compute-1", state: .running)
        #expect(resource.metadata["image"] == .null)
        #expect(resource.metadata["image_ref"] == .null)
    }

    @Test func theNewerOfTwoFormatsCounts() throws {
        let both = try description(DomainXML.oldNova + DomainXML.nova)
        #expect(both.nova?.name == "web & mail")
    }

    @Test func aDomainWithoutNovaIsAResourceToo() throws {
        let resource = try description("<app xmlns='http://example.org/x'>1</app>").resource(host: "h", state: .paused)
        #expect(resource.projectID == nil)
        #expect(resource.userID == nil)
        #expect(
            resource.metadata == [
                "display_name": "instance-0000002a", "name": "instance-0000002a",
                "instance_id": .string(DomainXML.uuid), "instance_host": "h", "status": "paused", "state": "paused",
                "architecture": "x86_64", "os_type": "hvm", "vcpus": 2, "memory_mb": 512,
            ])
    }

    @Test func virtualCPUsInUseAreCountedNotThoseThatCouldBe() throws {
        #expect(try description().vcpus == 2)
        let all = try DomainDescription(uuid: "x", xml: DomainXML.text(vcpu: "<vcpu>4</vcpu>"))
        #expect(all.vcpus == 4)
    }

    /// nova's hostId: sha224 of project and host, so that two projects see two hosts.
    @Test func theHostIsHidden() throws {
        let resource = try description(DomainXML.nova).resource(host: "compute-1", state: .running)
        #expect(resource.metadata["host"] == "6face11a93b4e26eebae96c11b71ecfe4914422a17e3b4939a574019")
    }

    @Test(arguments: [
        (1, "active", "running"), (3, "paused", "paused"), (4, "stopped", "shutdown"), (5, "stopped", "shutdown"),
        (6, "error", "crashed"), (7, "suspended", "suspended"), (0, "building", "pending"),
    ]) func statesAreToldInNovasWords(number: Int32, status: String, state: String) throws {
        let domainState = try #require(DomainState(rawValue: number))
        let resource = try description(DomainXML.nova).resource(host: "h", state: domainState)
        #expect(resource.metadata["status"] == .string(status))
        #expect(resource.metadata["state"] == .string(state))
    }

    private struct MissingFlavor: Error {}
}
