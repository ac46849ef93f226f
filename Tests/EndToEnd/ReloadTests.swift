// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// Over libvirt's test driver, so that these run everywhere.
@Suite struct ReloadTests {
    private let domain = "6695eb01-f6a4-8304-79aa-97f2502e193f"

    @Test(.timeLimit(.minutes(2))) func aHangupTakesNewFilesInForce() async throws {
        let agent = try RunningAgent(uri: "test:///default", polling: RunningAgent.polling(meters: "cpu"))
        try await agent.wait { !$0.isEmpty }
        try agent.writePolling(RunningAgent.polling(meters: "cpu_util"))
        agent.signal(SIGHUP)
        try await agent.wait { $0.last?.meter == "cpu_util" }
        #expect(agent.end().status == 0)
    }

    @Test(.timeLimit(.minutes(2))) func aReloadCostsNoReading() async throws {
        let agent = try RunningAgent(uri: "test:///default")
        try await agent.wait { $0.contains { $0.meter == "cpu_util" } }
        agent.signal(SIGHUP)
        let before = try agent.readings().count
        try await agent.wait { $0.count >= before + 6 }
        let utilisation = try agent.readings().of("cpu_util", domain)
        #expect(utilisation.longestGap < 2)
        #expect(agent.logText.contains("configuration reloaded"))
    }

    @Test(.timeLimit(.minutes(2))) func wrongFilesLeaveTheOldOnesInForce() async throws {
        let agent = try RunningAgent(uri: "test:///default")
        try await agent.wait { !$0.isEmpty }
        try agent.writePolling("sources: [{name: cpu, interval: 0, meters: [cpu]}]\n")
        agent.signal(SIGHUP)
        while !agent.logText.contains("not reloaded") { try await Task.sleep(for: .milliseconds(50)) }
        let before = try agent.readings().count
        try await agent.wait { $0.count >= before + 2 }
        #expect(agent.logText.contains("polling.yaml:1: sources[0].interval: \"0\""))
    }

    @Test(.timeLimit(.minutes(2))) func systemdHearsOfStartAndEnd() async throws {
        let socket = try NotifySocket()
        let agent = try RunningAgent(uri: "test:///default", environment: ["NOTIFY_SOCKET": socket.address])
        try await agent.wait { !$0.isEmpty }
        agent.signal(SIGHUP)
        while !agent.logText.contains("configuration reloaded") { try await Task.sleep(for: .milliseconds(50)) }
        #expect(agent.end().status == 0)
        let messages = socket.all()
        let states = messages.compactMap { $0.split(separator: "\n").first }
        #expect(states == ["READY=1", "RELOADING=1", "READY=1", "STOPPING=1"])
        #expect(messages.first?.contains("STATUS=polling 2 meters every 1 s") == true)
    }
}
