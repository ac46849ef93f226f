// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// `--test` on three domains that are idle, a quarter and three quarters busy.
@Suite(.enabled(if: HypervisorLab.unavailable == nil, "no hypervisor can be started here"))
struct SinglePollTests {
    private struct Figures {
        /// Seconds of CPU time by domain name.
        var cpuTime: [String: Double]
        var at: Date

        init(_ lab: HypervisorLab) throws {
            let before = Date()
            let text = try lab.virsh("domstats", "--cpu-total")
            at = before.addingTimeInterval(Date().timeIntervalSince(before) / 2)
            cpuTime = [:]
            var name = ""
            for line in text.split(separator: "\n") {
                if let match = line.firstMatch(of: /Domain: '(.*)'/) { name = String(match.1) }
                if let match = line.firstMatch(of: /cpu\.time=(\d+)/) { cpuTime[name] = (Double(match.1) ?? 0) / 1e9 }
            }
        }
    }

    @Test(.timeLimit(.minutes(3))) func figuresAreThoseOfLibvirt() async throws {
        let lab = try HypervisorLab.start()
        let loads = [0, 25, 75]
        for (index, load) in loads.enumerated() { try lab.startDomains(index + 1...index + 1, load: load) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "hypsometer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }

        let before = try Figures(lab)
        let outcome = try await Binary(
            arguments: ["--test", "--polling-namespaces", "compute", "--pollster-list", "cpu*"],
            environment: ["OS_DEFAULT__LIBVIRT_URI": lab.uri], folder: folder
        ).run()
        let after = try Figures(lab)
        #expect(outcome.status == 0)
        #expect(outcome.stderr == "")

        let readings = try outcome.stdout.split(separator: "\n").map { try SampleReading(line: Data($0.utf8)) }
        #expect(readings.count == 6)
        for (index, load) in loads.enumerated() {
            let name = HypervisorLab.name(index + 1)
            let uuid = HypervisorLab.uuid(index + 1)
            let first = try #require(before.cpuTime[name])
            let last = try #require(after.cpuTime[name])
            let cpu = try #require(readings.of("cpu", uuid).first).volume / 1e9
            #expect(first <= cpu && cpu <= last)

            // Over virsh's longer time the guest may have been as busy as it is, or starved by what else runs here;
            // only where it had what it wanted does the load say what the agent must find.
            let utilisation = try #require(readings.of("cpu_util", uuid).first).volume
            let told = 100 * (last - first) / after.at.timeIntervalSince(before.at)
            if abs(told - Double(load)) < 1 { #expect(abs(utilisation - Double(load)) < 3) }
            #expect(abs(utilisation - told) < 10)
        }
    }
}
