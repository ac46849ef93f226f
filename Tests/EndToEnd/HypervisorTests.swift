// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The real binary against a real libvirtd with real QEMU domains.
@Suite(.serialized, .enabled(if: HypervisorLab.unavailable == nil, "no hypervisor can be started here"))
struct HypervisorTests {
    private static let minutes = 3

    /// A hypervisor with domains 1 to `count`, halted.
    private func lab(_ count: Int = 2) throws -> HypervisorLab {
        let lab = try HypervisorLab.start()
        try lab.startDomains(1...count)
        return lab
    }

    @Test(.timeLimit(.minutes(minutes))) func aSuspendedDomainIsFollowed() async throws {
        let lab = try lab()
        let agent = try RunningAgent(uri: lab.uri)
        let uuid = HypervisorLab.uuid(1)
        try await agent.wait { $0.of("cpu", uuid).last?.status == "active" }
        try lab.virsh("suspend", HypervisorLab.name(1))
        try await agent.wait { $0.of("cpu", uuid).last?.status == "paused" }
        try lab.virsh("resume", HypervisorLab.name(1))
        try await agent.wait { $0.of("cpu", uuid).last?.status == "active" }
        #expect(agent.end().status == 0)
    }

    @Test(.timeLimit(.minutes(minutes))) func domainsComeAndGo() async throws {
        let lab = try lab()
        let agent = try RunningAgent(uri: lab.uri)
        try await agent.wait { !$0.of("cpu_util", HypervisorLab.uuid(2)).isEmpty }
        try lab.virsh("destroy", HypervisorLab.name(2))
        let destroyed = Date()
        try lab.startDomains(3...3)
        try await agent.wait { !$0.of("cpu_util", HypervisorLab.uuid(3)).isEmpty }
        let readings = try agent.readings()
        #expect(readings.of("cpu", HypervisorLab.uuid(2)).allSatisfy { $0.time <= destroyed })
        #expect(readings.of("cpu", HypervisorLab.uuid(1)).longestGap < 2)
    }

    @Test(.timeLimit(.minutes(minutes))) func aDomainThatIsDefinedAndStartedLaterIsFollowed() async throws {
        let lab = try lab()
        let agent = try RunningAgent(uri: lab.uri)
        try await agent.wait { !$0.isEmpty }
        let xml = agent.folder.appending(path: "domain.xml")
        try lab.domainXML(7).write(to: xml, atomically: true, encoding: .utf8)
        try lab.virsh("define", xml.path)
        try lab.virsh("start", HypervisorLab.name(7))
        try await agent.wait { !$0.of("cpu_util", HypervisorLab.uuid(7)).isEmpty }
    }

    @Test(.timeLimit(.minutes(minutes))) func aNewOwnerInTheMetadataIsHeard() async throws {
        let lab = try lab(1)
        let agent = try RunningAgent(uri: lab.uri)
        let uuid = HypervisorLab.uuid(1)
        try await agent.wait { $0.of("cpu", uuid).last?.project != nil }
        let nova = "<instance><name>n</name><owner><user uuid='u9'/><project uuid='p9'/></owner></instance>"
        try lab.virsh(
            "metadata", HypervisorLab.name(1), "http://openstack.org/xmlns/libvirt/nova/1.1", "--live", "--set", nova,
            "--key", "nova")
        try await agent.wait { $0.of("cpu", uuid).last?.project == "p9" }
    }

    @Test(.timeLimit(.minutes(minutes))) func aKilledLibvirtdCostsItsAbsenceAlone() async throws {
        let lab = try lab()
        let agent = try RunningAgent(uri: lab.uri)
        let uuid = HypervisorLab.uuid(1)
        try await agent.wait { $0.of("cpu", uuid).count >= 2 }
        try lab.killDaemon(SIGKILL)
        let gone = Date()
        try lab.startDaemon()
        let absence = Date().timeIntervalSince(gone)
        let before = try agent.readings().of("cpu", uuid).count
        try await agent.wait { $0.of("cpu", uuid).count >= before + 3 }
        // Its absence, the cycle that fell into it, and the rest of the one before.
        #expect(try agent.readings().of("cpu", uuid).longestGap < absence + 2)
        #expect(agent.logText.components(separatedBy: "fails; trying again").count <= 2)
    }

    @Test(.timeLimit(.minutes(minutes))) func aHungGuestKeepsNobodyElse() async throws {
        let lab = try lab()
        let agent = try RunningAgent(uri: lab.uri)
        try await agent.wait { !$0.of("cpu_util", HypervisorLab.uuid(2)).isEmpty }
        let qemu = try lab.domainPID(1)
        kill(qemu, SIGSTOP)
        defer { kill(qemu, SIGCONT) }
        let stopped = Date()
        try await agent.wait { readings in
            readings.of("cpu", HypervisorLab.uuid(2)).filter { $0.time > stopped.addingTimeInterval(2) }.count >= 3
        }
        // The cycle that found the guest hanging may be lost, where it had no time for a second try; those after it
        // pass the guest by.
        #expect(try agent.readings().of("cpu", HypervisorLab.uuid(2)).longestGap < 2.9)
    }

    @Test(.timeLimit(.minutes(minutes))) func aStoppedLibvirtdHoldsUpNoEnd() async throws {
        let lab = try lab(1)
        let agent = try RunningAgent(uri: lab.uri)
        try await agent.wait { !$0.isEmpty }
        try lab.killDaemon(SIGSTOP)
        defer { try? lab.killDaemon(SIGCONT) }
        while !agent.logText.contains("is libvirtd stopped?") { try await Task.sleep(for: .milliseconds(50)) }
        let end = agent.end()
        #expect(end.status == 0)
        #expect(end.seconds < 30)
    }

    @Test(.timeLimit(.minutes(minutes))) func libvirtdMayStartAfterTheAgent() async throws {
        let lab = try lab(1)
        try lab.killDaemon(SIGKILL)
        let agent = try RunningAgent(uri: lab.uri)
        while !agent.logText.contains("fails; trying again") { try await Task.sleep(for: .milliseconds(50)) }
        try lab.startDaemon()
        try await agent.wait { !$0.of("cpu_util", HypervisorLab.uuid(1)).isEmpty }
        #expect(agent.logText.contains("works again"))
    }
}
