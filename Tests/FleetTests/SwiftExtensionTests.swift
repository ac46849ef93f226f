// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// An extension written with the kit, as a program of its own.
@Suite(.timeLimit(.minutes(3))) struct SwiftExtensionTests {
    private static let program = Bundle.main.bundleURL.appending(path: "example-plugin").path

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(
            "[plugin]\nversion = 2.1.0\nprotocol = 1\nexec = recorder\n[nailgun.extensions]\nrecorder = RecorderExtension\n",
            to: "plugins/recorder.entry_points")
        try FileManager.default.createSymbolicLink(
            atPath: directory("plugins/recorder"), withDestinationPath: Self.program)
    }

    @Test func allThatTheKitHasWorksAgainstTheService() async throws {
        let fleet = try await RunningFleet(directory)
        let shown = try await fleet.send("GET", "/v1/extensions/recorder")
        #expect(shown["version"] as? String == "2.1.0")
        #expect(shown["provides"] as? [String] == ["recorder.events"])
        #expect(shown["data_pipelines"] as? [String] == ["Stamp"])
        let cluster = try await fleet.createCluster("a", extensions: ["recorder"])
        let (id, _) = try await fleet.register(1)
        let empty = try await fleet.send("POST", "/v1/clusters/\(cluster)/check")
        #expect((empty["findings"] as? [[String: Any]])?.first?["message"] as? String == "cluster a has no nodes")
        let refused = try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"name": "forbidden"}"#)
        #expect((refused.status, refused["extension"] as? String) == (422, "recorder"))
        let marked = try await fleet.send("POST", "/v1/recorder/nodes/\(id)/mark", #"{"mark": "x"}"#)
        #expect(marked["labels"] as? [String: String] == ["mark": "x"])
        #expect(marked["others"] as? Int == 0)
        #expect(try await fleet.send("POST", "/v1/recorder/nodes/\(id)/mark", "nonsense").status == 400)
        #expect(try await fleet.send("POST", "/v1/recorder/nodes/99/mark", #"{"mark": "x"}"#).status == 409)
        let isRecorded = try await fleet.wait {
            try await fleet.send("GET", "/v1/recorder/events/").json as? [String]
                == ["cluster_create", "node_create", "node_update"]
        }
        #expect(isRecorded)
        try await fleet.stop()
    }
}
