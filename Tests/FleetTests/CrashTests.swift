// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The real binary, killed while it is busiest. `HYPSOMETER_FLEET_KILLS` says how often, 10 times without it.
@Suite(.timeLimit(.minutes(30))) struct FleetCrashTests {
    private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
    private static let kills = ProcessInfo.processInfo.environment["HYPSOMETER_FLEET_KILLS"].flatMap { Int($0) } ?? 10

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func whatWasConfirmedIsThereAndEveryEventIsDelivered() async throws {
        let entry = ScriptedExtension(name: "recorder")
        try entry.install(directory)
        let token = RunningFleet.admin
        try directory.write(token + "\n", to: "admin.token")
        try await onThread {
            var confirmed: Set<String> = []
            var number = 0
            for _ in 0..<Self.kills {
                let fleet = try FleetProcess(Self.binary, directory)
                let client = try HTTPClient(port: fleet.port)
                let delay = UInt32.random(in: 0..<80_000)
                let begun = number
                while true {
                    let mac = RunningFleet.mac(number)
                    let body = #"{"mac": "\#(mac)", "status": "discover"}"#
                    let reply = try? client.send(
                        "POST", "/v1/nodes",
                        headers: ["Authorization": "Bearer \(token)", "Idempotency-Key": "key-\(number)"],
                        body: Array(body.utf8))
                    guard let reply else { break }  // tried again after the next start
                    #expect(reply.status == 201 || reply.status == 200)
                    confirmed.insert(mac)
                    number += 1
                    if number == begun + 5 {
                        Thread.detachNewThread {
                            usleep(delay)
                            fleet.signal(SIGKILL)
                        }
                    }
                }
                #expect(fleet.status(within: .seconds(30)) == 128 + SIGKILL)
            }
            let fleet = try FleetProcess(Self.binary, directory)
            let client = try HTTPClient(port: fleet.port)
            let headers = ["Authorization": "Bearer \(token)"]
            let nodes =
                try client.send("GET", "/v1/nodes?limit=10000", headers: headers)["nodes"] as? [[String: Any]] ?? []
            let found = nodes.compactMap { $0["mac"] as? String }
            #expect(Set(found).count == found.count)
            #expect(confirmed.isSubset(of: Set(found)))
            // At most the one that was under way when it was killed last.
            #expect(found.count <= confirmed.count + 1)
            var events: [[String: Any]] = []
            while case let more = try client.send(
                "GET", "/v1/events?limit=1000&after=\(events.last?["number"] as? Int ?? 0)", headers: headers)["events"]
                as? [[String: Any]] ?? [], !more.isEmpty
            {
                events += more
            }
            let created = events.filter { $0["kind"] as? String == "node_create" }
            let told = created.compactMap {
                (($0["node"] as? [String: Any])?["after"] as? [String: Any])?["mac"] as? String
            }
            #expect(told.sorted() == found.sorted())
            let ids = Set(events.compactMap { $0["id"] as? String })
            #expect(ids.count == events.count)
            let deadline = ContinuousClock.now + .seconds(60)
            while Set(entry.ids(directory)) != ids, ContinuousClock.now < deadline { usleep(20_000) }
            #expect(Set(entry.ids(directory)) == ids)
            fleet.signal(SIGTERM)
            #expect(fleet.status(within: .seconds(60)) == 0)
        }
    }
}
