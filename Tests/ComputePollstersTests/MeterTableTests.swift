// SPDX-License-Identifier: Apache-2.0
import Libvirt
import Telemetry
import Testing

@testable import ComputePollsters

@Suite struct MeterTableTests {
    private func disk(_ name: String, reads: UInt64?, time: UInt64? = 0, capacity: UInt64? = nil) -> DomainStats.Disk {
        var disk = DomainStats.Disk(name: name)
        (disk.readRequests, disk.writeRequests) = (reads, 0)
        (disk.readTime, disk.writeTime) = (time, 0)
        disk.capacity = capacity
        return disk
    }

    private func domain(_ change: (inout DomainStats) -> Void) throws -> HostReading.Domain {
        var stats = DomainStats.example()
        change(&stats)
        let description = try DomainDescription(uuid: stats.uuid, xml: DomainXML.text(metadata: DomainXML.nova))
        return HostReading.Domain(
            stats: stats, resource: description.resource(host: "h", state: stats.state), description: description)
    }

    /// Each row's value on a first reading, by meter.
    private func volumes(_ table: MeterTable, _ domain: HostReading.Domain) -> [String: Volume] {
        var volumes: [String: Volume] = [:]
        for device in 0..<table.subjectCount(domain) {
            for row in table.rows { volumes[row.meter.name] = row.value(MeterSubject(domain, device: device), nil) }
        }
        return volumes
    }

    @Test func memoryIsInMebibytesAsCeilometerHasIt() throws {
        let domain = try domain { stats in
            stats.memory.actual = 524_288
            stats.memory.resident = 54_400
            stats.memory.available = 500_000
            stats.memory.unused = 100_000
            stats.memory.usable = 300_000
            stats.memory.swapIn = 2048
            stats.memory.swapOut = 0
        }
        #expect(
            volumes(MemoryMeters.table, domain) == [
                "memory": 512.0, "memory.resident": 53.125, "memory.available": 488.28125,
                "memory.usage": 195.3125, "memory.swap.in": 2.0, "memory.swap.out": 0.0,
            ])
    }

    @Test func anOldGuestsUsageIsAllThatIsNotFree() throws {
        let domain = try domain { stats in
            stats.memory.available = 2048
            stats.memory.unused = 1024
        }
        #expect(volumes(MemoryMeters.table, domain)["memory.usage"] == 1.0)
    }

    @Test func aGuestWithoutBalloonDriverHasNoUsage() throws {
        let domain = try domain { $0.memory.actual = 16384 }
        #expect(volumes(MemoryMeters.table, domain) == ["memory": 16.0])
    }

    @Test func swapIsToldOnlyInBothWays() throws {
        let domain = try domain { $0.memory.swapIn = 2048 }
        #expect(volumes(MemoryMeters.table, domain) == [:])
    }

    @Test func moreUsableThanThereIsGivesNoUsage() throws {
        let domain = try domain { stats in
            stats.memory.available = 1024
            stats.memory.usable = 2048
        }
        #expect(volumes(MemoryMeters.table, domain)["memory.usage"] == nil)
    }

    @Test func aStoppedDomainTellsItsStateAndSizesAlone() throws {
        let domain = try domain { stats in
            stats.isActive = false
            stats.state = .shutoff
            // libvirt tells these of its last life.
            stats.cpuTime = 260_000_000
            stats.memory.actual = 16384
            stats.disks = [disk("vda", reads: nil, capacity: 1 << 20)]
        }
        #expect(
            volumes(InstanceMeters.table, domain) == [
                "instance": 1, "power.state": 5, "disk.root.size": 15, "disk.ephemeral.size": 5,
            ])
        let cpu = CPUMeters(source: .domain)
        #expect(volumes(cpu.counter, domain).isEmpty && volumes(cpu.utilisation, domain).isEmpty)
        #expect(volumes(MemoryMeters.table, domain).isEmpty)
        #expect(volumes(DiskMeters.ofEach, domain).isEmpty && volumes(DiskMeters.together, domain).isEmpty)
    }

    @Test func disksTogetherAreTheirSum() throws {
        let domain = try domain {
            $0.disks = [disk("vda", reads: 7, capacity: 1 << 20), disk("vdb", reads: 5, capacity: 1 << 21)]
        }
        let volumes = volumes(DiskMeters.together, domain)
        #expect(volumes["disk.read.requests"] == 12)
        #expect(volumes["disk.capacity"] == 3_145_728)
        let resource = try #require(DiskMeters.together.resources(domain.resource, domain).first ?? nil)
        #expect(resource.id == DomainXML.uuid)
        #expect(resource.metadata["device"] == .array(["vda", "vdb"]))
    }

    @Test func whatOneDiskDoesNotTellIsNotSummed() throws {
        let domain = try domain { $0.disks = [disk("vda", reads: 7), disk("vdb", reads: nil)] }
        #expect(volumes(DiskMeters.together, domain)["disk.read.requests"] == nil)
        #expect(volumes(DiskMeters.ofEach, domain)["disk.device.read.requests"] == nil)
    }

    /// An image that has grown past what its guest sees.
    @Test func capacityIsNeverLessThanWhatTheImageTakes() throws {
        var image = disk("vda", reads: 0, capacity: 1000)
        image.physical = 1200
        let domain = try domain { $0.disks = [image] }
        #expect(volumes(DiskMeters.ofEach, domain)["disk.device.capacity"] == 1200)
        #expect(volumes(DiskMeters.together, domain)["disk.capacity"] == 1200)
    }

    @Test func latencyIsTheMeanOfTheRequestsInBetween() {
        let (before, now) = (disk("vda", reads: 10, time: 1_000_000), disk("vda", reads: 14, time: 9_000_000))
        #expect(DiskMeters.latency(now, before) == 2)
        #expect(DiskMeters.latency(now, now) == nil)
        #expect(DiskMeters.latency(before, now) == nil)
    }
}
