// SPDX-License-Identifier: Apache-2.0
import CLibvirt
import Libvirt
import Synchronization
import Telemetry
import Testing

/// `test:///default` is one hypervisor for the whole process, so that what a second connection does is heard.
@Suite struct EventTests {
    @Test(.timeLimit(.minutes(1))) func suspendingADomainIsHeard() async throws {
        let heard = Mutex<[DomainEvent]>([])
        let hypervisor = Hypervisor(uri: "test:///default") { event in heard.withLock { $0.append(event) } }
        let uuid = try #require(try await hypervisor.statistics([.state], until: .now + .seconds(60)).first?.uuid)
        #expect(heard.withLock { $0 } == [.connected])

        let connection = try #require(virConnectOpen("test:///default"))
        defer { virConnectClose(connection) }
        let domain = try #require(virDomainLookupByUUIDString(connection, uuid))
        defer { virDomainFree(domain) }
        #expect(virDomainSuspend(domain) == 0)
        #expect(virDomainResume(domain) == 0)

        let suspended = DomainEvent.lifecycle(uuid: uuid, event: Int32(VIR_DOMAIN_EVENT_SUSPENDED.rawValue))
        let resumed = DomainEvent.lifecycle(uuid: uuid, event: Int32(VIR_DOMAIN_EVENT_RESUMED.rawValue))
        while heard.withLock({ $0.count }) < 3 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(heard.withLock { $0 } == [.connected, suspended, resumed])
    }
}
