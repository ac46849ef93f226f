// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport
import Testing

/// The real binary over libvirt's test driver, with another host that comes, goes, freezes and refuses.
@Suite(.timeLimit(.minutes(4))) struct DeliveryTests {
    private let directory: TemporaryDirectory
    private let node: NodeFile

    init() throws {
        directory = try TemporaryDirectory()
        node = try NodeFile(instances: 20)
        try directory.write(RunningAgent.polling(meters: "*"), to: "polling.yaml")
        try FileManager.default.createDirectory(atPath: directory("spool"), withIntermediateDirectories: false)
    }

    private func configure(_ publisher: String, settings: String = "") throws {
        try directory.write(
            """
            [DEFAULT]
            libvirt_uri = \(node.uri)
            polling_namespaces = compute
            [publisher]
            spool_directory = \(directory("spool"))
            \(settings)

            """, to: "hypsometer.conf")
        try directory.write(
            """
            sources: [{name: all, meters: ["*"], sinks: [there]}]
            sinks: [{name: there, publishers: ["\(publisher)"]}]
            """, to: "pipeline.yaml")
    }

    private func start(_ arguments: String...) throws -> ChildProcess {
        let log = open(directory("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(log) }
        return try ChildProcess(
            Binary.agent.path, ["--config-file", directory("hypsometer.conf")] + arguments, error: log)
    }

    private func logLines(with words: String, level: String = "") throws -> Int {
        try directory.text("log").split(separator: "\n").count { $0.contains(words) && $0.contains("\(level) ") }
    }

    private func wait(until isSo: () throws -> Bool) async throws {
        while try !isSo() { try await Task.sleep(for: .milliseconds(20)) }
    }

    /// Samples by the cycle they are of, in the order in which each cycle's first came; and how many came twice.
    private struct Arrivals {
        var cycles: [(time: String, meters: [String: Int])] = []
        var repeats = 0
        private var ids: Set<String> = []

        init(_ requests: [HTTPSink.Request]) {
            for sample in requests.flatMap(\.samples) {
                guard let id = sample["id"] as? String, let time = sample["timestamp"] as? String,
                    let name = sample["name"] as? String
                else { continue }
                guard ids.insert(id).inserted else {
                    repeats += 1
                    continue
                }
                if cycles.last?.time != time { cycles.append((time, [:])) }
                cycles[cycles.count - 1].meters[name, default: 0] += 1
            }
        }
    }

    @Test func killsAndOutagesLoseNothingThatAFinishedCycleRead() async throws {
        // Refuses everything but while it is open.
        let isOpen = Mutex(true)
        let accepted = Mutex<[HTTPSink.Request]>([])
        let sink = try HTTPSink { request in
            guard isOpen.withLock({ $0 }) else { return HTTPSink.Answer(503) }
            accepted.withLock { $0.append(request) }
            return HTTPSink.Answer(200)
        }
        try configure(sink.url)
        var agent = try start("--debug")
        try await wait { try logLines(with: "cycle done") >= 2 }
        isOpen.withLock { $0 = false }
        for round in 1...2 {
            let before = try logLines(with: "cycle done")
            try await wait { try logLines(with: "cycle done") >= before + 2 }
            // Wherever it is in its work.
            try await Task.sleep(for: .milliseconds(round * 137))
            agent.signal(SIGKILL)
            #expect(agent.status(within: .seconds(10)) == 128 + SIGKILL)
            if round == 2 { isOpen.withLock { $0 = true } }
            agent = try start("--debug")
        }
        let before = try logLines(with: "cycle done")
        try await wait { try logLines(with: "cycle done") >= before + 2 }
        agent.signal(SIGTERM)
        #expect(agent.status(within: .seconds(60)) == 0)

        let arrivals = Arrivals(accepted.withLock { $0 })
        let finished = try logLines(with: "cycle done")
        // A cycle that was cut short may have come too, whole or not at all.
        #expect(arrivals.cycles.count >= finished && arrivals.cycles.count <= finished + 2)
        // Each cycle came once, in one piece, and in order.
        let times = arrivals.cycles.map(\.time)
        #expect(times == Set(times).sorted())
        #expect(arrivals.cycles.count { $0.meters["cpu"] == 20 } == arrivals.cycles.count)
        // Once by each of the two that found it shut.
        #expect(try logLines(with: "refuses samples", level: "error") == 2)
    }

    @Test func aFrozenReceiverStopsNoPollingAndGetsEverythingLater() async throws {
        let gate = DispatchSemaphore(value: 0)
        let isFrozen = Mutex(false)
        let sink = try HTTPSink { _ in
            if isFrozen.withLock({ $0 }) { gate.wait() }
            return HTTPSink.Answer(200)
        }
        try configure("\(sink.url)?timeout=2")
        let agent = try start("--debug")
        try await wait { try logLines(with: "cycle done") >= 3 }
        let resident = try kibibytes("RssAnon", of: agent.pid, in: "status")
        isFrozen.withLock { $0 = true }
        let before = try logLines(with: "cycle done")
        try await wait { try logLines(with: "cycle done") >= before + 12 }
        #expect(try kibibytes("RssAnon", of: agent.pid, in: "status") < resident + 16 << 10)
        #expect(try logLines(with: "polls are left out") == 0)
        isFrozen.withLock { $0 = false }
        for _ in 1...20 { gate.signal() }
        try await wait { try logLines(with: "accepts samples again") == 1 }
        agent.signal(SIGTERM)
        #expect(agent.status(within: .seconds(60)) == 0)
        let arrivals = Arrivals(sink.requests)
        #expect(arrivals.cycles.count == (try logLines(with: "cycle done")))
        #expect(arrivals.cycles.allSatisfy { $0.meters["cpu"] == 20 })
    }

    @Test func whatIsRefusedForGoodIsKeptBesideTheSpool() async throws {
        let sink = try HTTPSink { request in
            let isCPU = String(decoding: request.body, as: UTF8.self).contains(#""name":"cpu","#)
            return HTTPSink.Answer(isCPU ? 422 : 200, body: #"{"detail": "No."}"#)
        }
        try configure("\(sink.url)?batch=False")
        let agent = try start()
        let path = directory("spool/dead-letters.jsonl")
        try await wait { FileManager.default.fileExists(atPath: path) }
        agent.signal(SIGTERM)
        #expect(agent.status(within: .seconds(60)) == 0)
        for line in try directory.text("spool/dead-letters.jsonl").split(separator: "\n") {
            let letter = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(letter["reason"] as? String == "HTTP 422: No.")
            #expect(letter["publisher"] as? String == "\(sink.url)")
            #expect((letter["sample"] as? [String: Any])?["name"] as? String == "cpu")
        }
    }

    @Test func whatWaitsForAPublisherThatIsGoneStaysAndIsSaid() async throws {
        let sink = try HTTPSink { _ in HTTPSink.Answer(503) }
        try configure(sink.url)
        var agent = try start()
        try await wait { try logLines(with: "refuses samples") == 1 }
        agent.signal(SIGTERM)
        #expect(agent.status(within: .seconds(60)) == 0)
        #expect(try logLines(with: "samples stay in the spool") == 1)

        let other = try HTTPSink()
        try configure(other.url)
        agent = try start()
        try await wait { try logLines(with: "no longer configured") == 1 && !other.requests.isEmpty }
        // Named again, with another user, they go there.
        try configure(sink.url.replacing("http://", with: "http://me:secret@"))
        agent.signal(SIGHUP)
        try await wait { try logLines(with: "configuration reloaded") == 1 && sink.requests.count > 2 }
        agent.signal(SIGTERM)
        #expect(agent.status(within: .seconds(60)) == 0)
        let credentials = Data("me:secret".utf8).base64EncodedString()
        #expect(sink.requests.last?.headers["authorization"] == "Basic \(credentials)")
        #expect(try !directory.text("log").contains("secret"))
    }

    @Test func aSinglePollNeedsNoSpool() async throws {
        let sink = try HTTPSink()
        try configure(sink.url)
        try FileManager.default.removeItem(atPath: directory("spool"))
        let agent = try start("--once")
        #expect(agent.status(within: .seconds(60)) == 0)
        #expect(Arrivals(sink.requests).cycles.map { $0.meters["cpu"] } == [20])
        #expect(try directory.names.contains("spool") == false)
    }

    @Test func aSpoolThatCannotBeUsedIsToldBeforeTheStart() async throws {
        let sink = try HTTPSink()
        try configure(sink.url)
        try FileManager.default.removeItem(atPath: directory("spool"))
        for arguments in [["--validate"], []] {
            let outcome = try await Binary(
                arguments: ["--config-file", directory("hypsometer.conf")] + arguments,
                folder: URL(filePath: directory.path)
            ).run()
            #expect(outcome.status == 2)
            #expect(
                outcome.stderr
                    == "hypsometer-polling: \(directory("hypsometer.conf")):5: [publisher] spool_directory: "
                    + "\"\(directory("spool"))\", which can't be used: No such file or directory; allowed: a directory that "
                    + "is there, that this user may write to, and that no other agent uses\n")
        }
    }
}
