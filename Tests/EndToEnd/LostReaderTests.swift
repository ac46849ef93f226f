// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// `hypsometer-polling | head -1`, and then the end.
@Suite struct LostReaderTests {
    @Test(.timeLimit(.minutes(1))) func aReaderThatIsGoneHoldsUpNoEnd() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hypsometer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = [
            "hypsometer.conf": "[DEFAULT]\nlibvirt_uri = test:///default\n",
            "polling.yaml": RunningAgent.polling(),
        ]
        for (name, text) in files {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        let log = folder.appending(path: "log").path
        let error = open(log, O_WRONLY | O_CREAT, 0o600)
        let agent = try ChildProcess(
            Binary.agent.path, ["--config-file", folder.appending(path: "hypsometer.conf").path], output: ends[1],
            error: error)
        close(ends[1])
        close(ends[0])
        close(error)
        func logText() -> String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }
        while !logText().contains("receiver is gone") { usleep(50_000) }
        let asked = Date()
        agent.signal(SIGTERM)
        #expect(agent.status(within: .seconds(40)) == 0)
        // Half of the time for an end is what a receiver that may come back would be waited for.
        #expect(Date().timeIntervalSince(asked) < 20)
        #expect(logText().components(separatedBy: "receiver is gone").count == 2)
    }
}
