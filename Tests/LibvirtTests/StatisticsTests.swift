// SPDX-License-Identifier: Apache-2.0
import Libvirt
import Telemetry
import TestSupport
import Testing

/// Over libvirt's test driver, which has no bulk statistics: the way domain by domain.
@Suite struct StatisticsTests {
    private let uuids = (1...3).map { "00000000-0000-4000-8000-00000000000\($0)" }

    @Test func everyDomainIsTold() async throws {
        let node = try NodeFile([("running", uuids[0], 1), ("paused", uuids[1], 3), ("off", uuids[2], 5)])
        let hypervisor = Hypervisor(uri: node.uri)
        let stats = try await hypervisor.statistics([.state, .cpu, .vcpuCount], until: .now + .seconds(60))
        #expect(Set(stats.map(\.uuid)) == Set(uuids))
        let byName = Dictionary(uniqueKeysWithValues: stats.map { ($0.name, $0) })
        #expect(byName["running"]?.state == .running)
        #expect(byName["paused"]?.state == .paused)
        #expect(byName["off"]?.state == .shutoff)
        #expect(byName["running"]?.vcpuCount == 2)
    }

    @Test func aDomainThatIsOffTellsNoCPUTime() async throws {
        let node = try NodeFile([("off", uuids[0], 5), ("running", uuids[1], 1)])
        let stats = try await Hypervisor(uri: node.uri).statistics([.state, .cpu], until: .now + .seconds(60))
        #expect(stats.first { $0.name == "off" }?.cpuTime == nil)
        #expect(stats.first { $0.name == "running" }?.cpuTime != nil)
    }

    @Test func onlyTheGroupsAskedForAreTold() async throws {
        let stats = try await Hypervisor(uri: "test:///default").statistics([.state], until: .now + .seconds(60))
        #expect(stats.first?.cpuTime == nil)
        #expect(stats.first?.vcpuCount == nil)
        #expect(stats.first?.vcpus == [])
    }

    @Test func virtualCPUsTellTheirTime() async throws {
        let stats = try await Hypervisor(uri: "test:///default").statistics([.cpu, .vcpu], until: .now + .seconds(60))
        let domain = try #require(stats.first)
        #expect(domain.vcpuCount == 2)
        #expect(domain.vcpus.map(\.number) == [0, 1])
        #expect(domain.vcpus.allSatisfy { $0.time != nil && $0.wait == nil })
    }

    @Test func memoryIsTold() async throws {
        let stats = try await Hypervisor(uri: "test:///default").statistics([.memory], until: .now + .seconds(60))
        let memory = try #require(stats.first?.memory)
        #expect(memory.resident == 1_048_576)
        #expect(memory.unused == 1_048_576)
        #expect(memory.actual != nil && memory.available != nil && memory.usable != nil)
    }

    @Test func devicesTellTheirFiguresToWhoNamesThem() async throws {
        let node = try NodeFile([("running", uuids[0], 1)])
        let hypervisor = Hypervisor(uri: node.uri)
        let groups: StatsGroups = [.disks, .interfaces]
        let unnamed = try #require(try await hypervisor.statistics(groups, until: .now + .seconds(60)).first)
        #expect(unnamed.devicesAreUnknown)
        #expect(unnamed.disks == [] && unnamed.interfaces == [])
        let devices = [uuids[0]: DomainDevices(disks: ["vda", "nosuch"], interfaces: ["tap1"])]
        let stats = try await hypervisor.statistics(groups, devices: devices, until: .now + .seconds(60))
        let named = try #require(stats.first)
        #expect(!named.devicesAreUnknown)
        #expect(named.disks.map(\.name) == ["vda", "nosuch"])
        #expect(named.disks[0].readBytes ?? 0 > 0)
        #expect(named.disks[0].capacity ?? 0 > 0)
        #expect(named.disks[1].readBytes == nil && named.disks[1].capacity == nil)
        #expect(named.interfaces.first?.received.bytes ?? 0 > 0)
    }

    @Test func figuresAreReadBetweenAskingAndAnswer() async throws {
        let before = MonotonicTime.now
        let stats = try await Hypervisor(uri: "test:///default").statistics([.cpu], until: .now + .seconds(60))
        let domain = try #require(stats.first)
        #expect(before <= domain.readAt && domain.readAt <= .now)
    }

    @Test func aThousandDomainsAreTold() async throws {
        let domains = (0..<1000).map { number in
            let digits = String(number)
            let tail = String(repeating: "0", count: 12 - digits.count) + digits
            return (name: "d\(number)", uuid: "00000000-0000-4000-8000-\(tail)", state: 1)
        }
        let node = try NodeFile(domains)
        let stats = try await Hypervisor(uri: node.uri).statistics([.state, .cpu], until: .now + .seconds(60))
        #expect(stats.count == 1000)
    }

    @Test func oneDomainsMissingDescriptionIsItsOwn() async throws {
        let hypervisor = Hypervisor(uri: "test:///default")
        let known = try #require(try await hypervisor.statistics([.state], until: .now + .seconds(60)).first?.uuid)
        let gone = "00000000-0000-4000-8000-00000000dead"
        let texts = try await hypervisor.descriptions(ofDomains: [known, gone], until: .now + .seconds(60))
        #expect(try texts[known]?.get().contains("<name>test</name>") == true)
        guard case .failure(let error)? = texts[gone] else { return #expect(Bool(false), "a description of no domain") }
        #expect(error.code == 42)
    }
}
