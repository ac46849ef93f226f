// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

extension Faults {
    /// The same over a real libvirtd.
    @Suite(.enabled(if: HypervisorLab.unavailable == nil, "no hypervisor can be started here"))
    struct HostileDefinitions {
        private static let uuids = Set((1...3).map(HypervisorLab.uuid))

        private func watched() async throws -> (lab: HypervisorLab, watch: Watch) {
            let lab = try await HypervisorLab.start { try $0.startDomains(1...3) }
            let watch = try Watch(lab.uri)
            try await watch.learn(Self.uuids)
            return (lab, watch)
        }

        /// libvirtd takes such a domain from its own folder, and can't tell of it: an answer has 4 MB at most.
        @Test(.timeLimit(.minutes(5))) func fiftyMegabytesThatLibvirtdCannotTell() async throws {
            let lab = try await HypervisorLab.start { lab in
                try lab.startDomains(1...3)
                try lab.killDaemon(SIGKILL)
                let huge = HostileXML.fiftyMegabytes + "<nova:package"
                try lab.plant(lab.domainXML(5).replacing("<nova:package", with: huge), ofDomain: 5)
                try lab.startDaemon()
            }
            #expect(try lab.virsh("list", "--all", "--name").contains(HypervisorLab.name(5)))
            let watch = try Watch(lab.uri)
            try await watch.learn(Self.uuids)
            let told = watch.log
            let loss = try await watch.loss { try await Task.sleep(for: .seconds(10)) }
            try FaultReport.add(
                10, "50 MB of metadata of a domain that is shut off", mayMiss: "nothing but its description", loss)
            #expect(loss.words == Loss.nothing, "\(loss.details)")
            #expect(told.map(\.isWorse) == [true] && loss.log.count == 0, "\(told) \(loss.log)")

            // What libvirtd needs for one vain attempt to describe it, and for all that the agent asks meanwhile.
            let daemon = try lab.daemonPID
            let start = try cpuTime(of: daemon)
            #expect(throws: (any Error).self) { try lab.virsh("dumpxml", HypervisorLab.name(5)) }
            let attempt = try cpuTime(of: daemon) - start
            try await Task.sleep(for: .seconds(10))
            let asked = try cpuTime(of: daemon) - start - attempt
            #expect(asked < 2 * attempt, "\(asked) ns in 10 s, of which each attempt takes \(attempt) ns")
            #expect(try kibibytes("VmHWM", of: watch.agent.pid, in: "status") < 150_000)
            #expect(watch.agent.end().status == 0)
        }

        /// libvirt refuses a billion laughs. A single entity it takes, and then describes the domain by a text with the
        /// entity and without its definition.
        @Test(.timeLimit(.minutes(5))) func anEntityThatIsDefinedNowhere() async throws {
            let (lab, watch) = try await watched()
            let good = try lab.domainXML(5)
            let laughing = good.replacing("<nova:name>vm-5<", with: "<nova:name>&l9;<")
            #expect(throws: (any Error).self) {
                try lab.define(HostileXML.billionLaughs(in: "domain") + laughing)
            }
            let loss = try await watch.loss {
                try lab.define("<!DOCTYPE domain [<!ENTITY l9 \"lol\">]>\n" + laughing)
                try await Task.sleep(for: .seconds(10))
                try lab.define(good)
            }
            try FaultReport.add(
                12, "a definition with an entity that libvirt does not tell", mayMiss: "nothing but what describes it",
                loss)
            #expect(loss.words == Loss.nothing, "\(loss.details)")
            #expect(loss.log.map(\.isWorse) == [true, false], "\(loss.details)")
            #expect(watch.agent.end().status == 0)
        }

        /// libvirt checks what it takes as XML; words it hands on as they came.
        @Test(.timeLimit(.minutes(5))) func wordsThatAreNotUTF8() async throws {
            let (lab, watch) = try await watched()
            let loss = try await watch.loss {
                try lab.describe(1, in: #"a\377\376b"#)
                try await Task.sleep(for: .seconds(10))
            }
            try FaultReport.add(13, "a description that is not UTF-8", mayMiss: "nothing", loss)
            #expect(try lab.virsh("dumpxml", HypervisorLab.name(1)).contains("<description>a\u{FFFD}\u{FFFD}b<"))
            #expect(loss.words == Loss.nothing, "\(loss.details)")
            #expect(loss.log.count == 0, "\(loss.details)")
            let last = try watch.agent.readings().last { $0.resource == HypervisorLab.uuid(1) }
            #expect(last?.displayName == "vm-1" && last?.project != nil)
            #expect(watch.agent.end().status == 0)
        }
    }
}
