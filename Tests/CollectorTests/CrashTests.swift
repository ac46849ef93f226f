// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import TestSupport
import Testing
import Wire

/// The real binary, killed while it is busiest.
@Suite struct CrashTests {
    private let directory: TemporaryDirectory
    private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path

    init() throws { directory = try TemporaryDirectory() }

    private func start(database: String? = nil) throws -> CollectorProcess {
        try CollectorProcess(Self.binary, folder: directory(""), database: database)
    }

    private static func batch(_ number: Int) -> [UInt8] {
        let samples = (0..<200).map { index in
            let second = number * 10
            let time = String(
                format: "2026-11-20T%02d:%02d:%02d", second / 3600 % 24, second / 60 % 60, second % 60)
            return sampleJSON("cpu", "\(number)", resource: "vm-\(index)", time: time)
        }
        return Array("[\(samples.joined(separator: ","))]".utf8)
    }

    @Test(.timeLimit(.minutes(5))) func whatWasAnsweredWith200SurvivesKillAndNothingIsStoredTwice() async throws {
        try await onThread {
            var confirmed = 0
            // A sender that goes on with its first batch that was not confirmed, as the agent's spool does.
            for _ in 0..<5 {
                let started = try start()
                let client = try HTTPClient(port: started.port)
                let before = confirmed
                while let reply = try? client.send("POST", "/v1/samples", body: Self.batch(confirmed)) {
                    #expect(reply.status == 200)
                    confirmed += 1
                    if confirmed == before + 3 {
                        // At any moment of one of the next batches.
                        let delay = UInt32.random(in: 0..<50_000)
                        Thread.detachNewThread {
                            usleep(delay)
                            started.signal(SIGKILL)
                        }
                    }
                }
                #expect(started.status(within: .seconds(30)) == 128 + SIGKILL)
            }
            let started = try start()
            let client = try HTTPClient(port: started.port)
            let last = try client.send("POST", "/v1/samples", body: Self.batch(confirmed))
            #expect(last.status == 200)
            #expect(confirmed >= 15)
            let counts = try client.send(
                "GET",
                "/v1/measures?meter=cpu&aggregate=count&granularity=31536000&limit=1000&start=2026-11-20T00:00:00"
                    + "&end=2026-11-21T00:00:00")
            let series = try #require(counts["series"] as? [[String: Any]])
            let found = series.flatMap { ($0["measures"] as? [[Any]] ?? []).compactMap { $0.last as? Double } }
            #expect(found.count == 200)
            #expect(Set(found) == [Double(confirmed + 1)])
            started.signal(SIGTERM)
            #expect(started.status(within: .seconds(60)) == 0)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "mounting a small file system needs root"), .timeLimit(.minutes(3)))
    func aFullDiskIsWaitedOutAndNothingIsLost() async throws {
        try await onThread {
            let mount = directory("small")
            try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
            let mounted = try Shell.run(
                "mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", mount], timeout: .seconds(30))
            guard mounted.status == 0 else {
                print("skipped: no file system can be mounted here: \(mounted.error)")
                return
            }
            defer { _ = try? Shell.run("umount", ["-l", mount], timeout: .seconds(30)) }
            let started = try start(database: "\(mount)/samples.db")
            let client = try HTTPClient(port: started.port)
            #expect(try client.send("POST", "/v1/samples", body: Self.batch(0)).status == 200)
            // Somebody else fills the disk.
            let ballast = "\(mount)/ballast"
            _ = try Shell.run("dd", ["if=/dev/zero", "of=\(ballast)", "bs=4096"], timeout: .seconds(30))
            var confirmed = 1
            var refused: HTTPClient.Reply?
            while confirmed < 500, refused == nil {
                let reply = try client.send("POST", "/v1/samples", body: Self.batch(confirmed))
                if reply.status == 200 { confirmed += 1 } else { refused = reply }
            }
            let reply = try #require(refused)
            #expect(reply.status == 503)
            #expect(reply.headers["retry-after"] == "10")
            #expect((reply["detail"] as? String)?.contains("no room left") == true, "\(reply.text)")
            #expect(try client.send("GET", "/health").status == 503)
            #expect(try client.send("GET", "/v1/samples?limit=1").status == 200)
            // Senders who get no answer: the collector keeps what they sent.
            var messages = MeteringMessages(signer: nil)
            let meter = Sample.of("memory", 1, second: 0)
            let sent = messages.messagePack([meter, Sample.of("memory", 2, second: 1)])
            try sendDatagram(sent[0], port: started.udpPort)
            try HTTPClient(port: started.tcpPort).write(
                withUnsafeBytes(of: UInt64(sent[1].count).littleEndian) { Array($0) } + sent[1])
            for receiver in ["udp", "tcp"] {
                while try started.metric("messages_postponed_total{receiver=\"\(receiver)\"}") == 0 { usleep(5000) }
            }

            try FileManager.default.removeItem(atPath: ballast)
            #expect(try client.send("POST", "/v1/samples", body: Self.batch(confirmed)).status == 200)
            #expect(try client.send("GET", "/health").status == 200)
            for receiver in ["udp", "tcp"] {
                while try started.metric("samples_stored_total{receiver=\"\(receiver)\"}") == 0 { usleep(5000) }
            }
            let kept = try client.send("GET", "/v1/samples?meter=memory")["samples"] as? [[String: Any]]
            #expect(kept?.compactMap { $0["volume"] as? Int } == [1, 2])
            started.signal(SIGTERM)
            #expect(started.status(within: .seconds(60)) == 0)
            let log = try started.log
            #expect(log.contains("samples can't be stored"))
            #expect(log.contains("samples are stored again"))
        }
    }

    @Test func aCollectorThatCannotOpenItsDatabaseSaysWhyAndFails() async throws {
        try await onThread {
            let error = #expect(throws: ShellError.self) { try start(database: "/no/such/samples.db") }
            #expect(error?.reason.contains("could not use /no/such/samples.db: No such file or directory") == true)
        }
    }
}
