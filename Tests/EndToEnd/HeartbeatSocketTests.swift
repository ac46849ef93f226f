// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The real agent tells whoever connects when it polled what.
@Suite(.timeLimit(.minutes(2))) struct HeartbeatSocketTests {
    private static func read(_ path: String) throws -> String {
        let stream = try UnixSocket.connected(to: path)
        defer { close(stream) }
        var text = [UInt8]()
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(stream, &buffer, buffer.count, 0), count > 0 { text += buffer[..<count] }
        return String(decoding: text, as: UTF8.self)
    }

    @Test func eachMeterHasALineWithItsLastPoll() async throws {
        let directory = try TemporaryDirectory()
        let agent = try RunningAgent(
            uri: "test:///default",
            settings: "polling_namespaces = compute\n[polling]\nheartbeat_socket_dir = \(directory.path)\n")
        try await agent.wait { $0.contains { $0.meter == "cpu" } }
        let path = directory("ceilometer-compute.socket")
        let lines = try await onThread { try Self.read(path) }.split(separator: "\n")
        #expect(lines.map { $0.split(separator: " ")[0] } == ["cpu", "cpu_util"])
        let form = /cpu \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?/
        #expect(lines[0].wholeMatch(of: form) != nil)
        #expect(agent.end().status == 0)
        #expect(try directory.names == [])
    }
}
