// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

extension Faults {
    /// What a tenant or a broken tool can write into a domain's definition is that domain's own trouble. These are over
    /// libvirt's test driver, which lives in the agent's own process.
    @Suite struct HostileMetadata {
        /// It hands over the whole text. In elements of 1 MB: libvirt takes no text of more than 10 MB.
        @Test(.timeLimit(.minutes(5))) func fiftyMegabytesAreReadOnce() async throws {
            let node = try NodeFile(instances: 4)
            try node.write(instances: 4) { $0 == 1 ? HostileXML.fiftyMegabytes : "" }
            let watch = try Watch(node.uri)
            try await watch.learn(Set((1...4).map(HypervisorLab.uuid)))
            let pid = watch.agent.pid
            let toStart = try cpuTime(of: pid)
            let peak = try kibibytes("VmHWM", of: pid, in: "status")
            let told = watch.log
            let loss = try await watch.loss { try await Task.sleep(for: .seconds(20)) }
            let since = try cpuTime(of: pid) - toStart
            try FaultReport.add(9, "50 MB of metadata (test driver)", mayMiss: "nothing", loss)
            #expect(loss.words == Loss.nothing, "\(loss.details)")
            // While the driver takes the file in, which takes longer on a slower machine, there may be no answer.
            let refused = told.filter { $0.isWorse && $0.text.contains("can't be described") }
            #expect(refused.count <= 1 && loss.log.count == 0, "\(told) \(loss.log)")
            // Reading the text again in each of ten cycles and more would take ten times what the start took.
            #expect(since < 2 * toStart, "\(since) ns after \(toStart) ns")
            #expect(try kibibytes("VmHWM", of: pid, in: "status") < peak + 20_000)
            let name = try watch.agent.readings().last { $0.resource == HypervisorLab.uuid(1) }?.displayName
            #expect(["vm-1", HypervisorLab.name(1)].contains(name))
            #expect(watch.agent.end().status == 0)
        }

        /// libvirt refuses the file, and with it all that is in it.
        @Test(.timeLimit(.minutes(5))) func aBillionLaughs() async throws {
            let node = try NodeFile(instances: 2)
            try node.write(instances: 2, prologue: HostileXML.billionLaughs(in: "node")) { _ in
                "<nova:x>&l9;</nova:x>"
            }
            let watch = try Watch(node.uri)
            try await watch.wait { watch.log.contains(where: \.isWorse) }
            try await Task.sleep(for: .seconds(6))
            try node.write(instances: 2)
            let end = Date()
            try await watch.learn(Set((1...2).map(HypervisorLab.uuid)))
            let first = watch.sources.map { $0.ledger.cycle(dueAt: watch.began) ?? 0 }
            let loss = try await watch.loss(from: first, start: watch.began, end: end, logged: 0)
            try FaultReport.add(
                11, "a billion laughs, mended after some seconds (test driver)",
                mayMiss: "all until it is mended: libvirt refuses the file", loss)
            #expect(loss.log.map(\.isWorse) == [true, false], "\(loss.details)")
            #expect(loss.log.first?.text.contains("entity reference loop") == true)
            #expect(try kibibytes("VmHWM", of: watch.agent.pid, in: "status") < 150_000)
            #expect(watch.agent.end().status == 0)
        }
    }
}
