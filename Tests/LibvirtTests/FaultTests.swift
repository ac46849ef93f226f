// SPDX-License-Identifier: Apache-2.0
import Libvirt
import Telemetry
import Testing

@Suite struct FaultTests {
    @Test func anErrorSpeaksInLibvirtsWordsWithItsNumber() async {
        let hypervisor = Hypervisor(uri: "qemu:///system?socket=/nowhere/libvirt-sock")
        let error = await #expect(throws: LibvirtError.self) {
            try await hypervisor.statistics([.state], until: .now + .seconds(60))
        }
        #expect(error?.code == 38)
        #expect(
            error?.description == "could not connect to qemu:///system?socket=/nowhere/libvirt-sock: Failed to connect "
                + "socket to '/nowhere/libvirt-sock': No such file or directory (libvirt error 38)")
    }

    @Test func nobodyWaitsPastTheDeadline() async throws {
        let server = try SilentServer()
        let hypervisor = Hypervisor(uri: server.uri)
        let error = await #expect(throws: LibvirtError.self) {
            try await hypervisor.statistics([.state], until: .now + .milliseconds(200))
        }
        #expect(error?.reason == .deadline)
        #expect(error?.message == "no answer within 0.2 s")
        #expect(await hypervisor.hangingCallCount == 1)
        server.close()
    }

    @Test func hangingCallsAreLimitedAndEndWithTheirConnection() async throws {
        let server = try SilentServer()
        let hypervisor = Hypervisor(uri: server.uri, mostHangingCalls: 2)
        for _ in 1...2 { _ = try? await hypervisor.statistics([.state], until: .now + .milliseconds(50)) }
        let error = await #expect(throws: LibvirtError.self) {
            try await hypervisor.statistics([.state], until: .now + .seconds(60))
        }
        #expect(error?.reason == .tooManyHangingCalls)
        server.close()
        while await hypervisor.hangingCallCount > 0 { try await Task.sleep(for: .milliseconds(10)) }
        let after = await #expect(throws: LibvirtError.self) {
            try await hypervisor.statistics([.state], until: .now + .seconds(60))
        }
        #expect(after?.code == 38)
    }

    @Test func cancellationEndsTheWait() async throws {
        let server = try SilentServer()
        let hypervisor = Hypervisor(uri: server.uri)
        let task = Task { try await hypervisor.statistics([.state], until: .now + .seconds(60)) }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        let error = await #expect(throws: LibvirtError.self) { try await task.value }
        #expect(error?.reason == .cancelled)
        server.close()
    }

    @Test(
        arguments: [
            ("qemu:///system", nil), ("qemu+unix:///system?socket=/run/libvirt/libvirt-sock", nil),
            ("test:///default", nil), ("qemu+ssh://root@host/system", nil), ("lxc:///system", nil),
            ("system", .notAURI), ("qemu:/system", .notAURI), ("", .notAURI), ("qemu:///sys tem", .notAURI),
            ("kvm:///system", .unknownDriver("kvm")), ("qemu+unxi:///system", .unknownTransport("unxi")),
        ] as [(String, HypervisorURI.Flaw?)])
    func aURIsFlawIsFoundWithoutConnecting(uri: String, flaw: HypervisorURI.Flaw?) {
        #expect(HypervisorURI.flaw(in: uri) == flaw)
    }
}
