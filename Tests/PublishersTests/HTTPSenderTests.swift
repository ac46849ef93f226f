// SPDX-License-Identifier: Apache-2.0
import Foundation
import Pipelines
import Publishers
import Settings
import Synchronization
import Telemetry
import TestSupport
import Testing

/// What an `http://` publisher says over a real socket, and what it makes of the answers.
@Suite(.timeLimit(.minutes(2))) struct HTTPSenderTests {
    private let names = ["a", "b", "c", "d"]

    private func send(_ names: [String], _ url: String) async throws -> [DeadLetter] {
        let sender = try sender(url)
        return try await sender.send(await sender.encode(names.map { .of($0) }))
    }

    private func postponement(_ url: String) async -> Postponement? {
        await #expect(throws: Postponement.self) { try await send(["a"], url) }
    }

    @Test func postsAJSONArrayOfSamples() async throws {
        let sink = try HTTPSink()
        #expect(try await send(names, sink.url) == [])
        let request = try #require(sink.requests.first)
        #expect(sink.requests.count == 1)
        #expect(request.names == names)
        #expect(request.path == "/v1/samples")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["authorization"] == nil)
        #expect(
            request.samples[0].keys.sorted() == [
                "id", "monotonic_time", "name", "project_id", "project_name", "resource_id", "resource_metadata",
                "source",
                "timestamp", "type", "unit", "user_id", "user_name", "volume",
            ])
    }

    @Test func aPathIsTakenAsItIs() async throws {
        let sink = try HTTPSink()
        _ = try await send(["a"], "\(sink.url)/in/put?timeout=9")
        #expect(sink.requests.map(\.path) == ["/in/put"])
    }

    @Test func oneConnectionIsKept() async throws {
        let sink = try HTTPSink()
        let sender = try sender(sink.url)
        for name in names { _ = try await sender.send(await sender.encode([.of(name)])) }
        #expect(sink.requests.map(\.connection) == [0, 0, 0, 0])
    }

    @Test func aConnectionThatWasClosedMeanwhileIsOpenedAgainWithoutAWord() async throws {
        let sink = try HTTPSink { _ in Answer(200, headers: ["Connection": "close"]) }
        let sender = try sender(sink.url)
        for name in names { _ = try await sender.send(await sender.encode([.of(name)])) }
        #expect(sink.requests.map(\.names) == names.map { [$0] })
    }

    @Test func withoutBatchesEachSampleIsPostedAlone() async throws {
        let sink = try HTTPSink()
        _ = try await send(names, "\(sink.url)?batch=False")
        let bodies = sink.requests.map { try? JSONSerialization.jsonObject(with: $0.body) as? [String: Any] }
        #expect(bodies.map { $0?["name"] as? String } == names)
    }

    @Test func userAndPasswordAreShownToTheOtherSideAlone() async throws {
        let sink = try HTTPSink()
        _ = try await send(["a"], "http://me:s%40me@127.0.0.1:\(sink.port)")
        let credentials = Data("me:s@me".utf8).base64EncodedString()
        #expect(sink.requests.map { $0.headers["authorization"] } == ["Basic \(credentials)"])
    }

    @Test func aTokenThatWasReplacedIsReadAgain() async throws {
        let directory = try TemporaryDirectory()
        try directory.write("old\n", to: "token")
        let valid = Mutex("old")
        let sink = try HTTPSink { request in
            Answer(request.headers["authorization"] == "Bearer \(valid.withLock { $0 })" ? 200 : 401)
        }
        let sender = try sender("\(sink.url)?token_file=\(directory("token"))")
        _ = try await sender.send(await sender.encode([.of("a")]))
        valid.withLock { $0 = "new" }
        let batch = await sender.encode([.of("b")])
        let refusal = await #expect(throws: Postponement.self) { try await sender.send(batch) }
        #expect(refusal?.description == "HTTP 401; see token_file, or user and password, of the publisher")
        try directory.write("new\n", to: "token")
        #expect(try await sender.send(batch) == [])
        #expect(sink.requests.last?.names == ["b"])
    }

    @Test(arguments: [400, 411, 415, 422]) func whatWillNeverBeTakenIsADeadLetter(status: Int) async throws {
        let sink = try HTTPSink { _ in
            Answer(
                status,
                body: #"{"title": "None", "detail": "It is\nno good.", "refusals": [{"index": 1, "reason": "old"}]}"#)
        }
        let letters = try await send(["a", "b"], sink.url)
        #expect(letters.map(\.reason) == [#"HTTP \#(status): It is\nno good."#, "old"])
        let samples = try letters.map { try JSONSerialization.jsonObject(with: Data($0.sample)) as? [String: Any] }
        #expect(samples.map { $0?["name"] as? String } == ["a", "b"])
    }

    @Test func refusalsAmongWhatWasTakenAreDeadLetters() async throws {
        // Tells of one at a time, as a receiver may that does not want to say too much at once.
        let sink = try HTTPSink { request in
            let bad = request.names.enumerated().filter { ["b", "d"].contains($0.element) }
            guard let first = bad.first else { return Answer(200) }
            return Answer(
                200,
                body: """
                    {"refused": \(bad.count),
                     "refusals": [{"index": \(first.offset), "reason": "future", "detail": "Its clock."}]}
                    """)
        }
        let letters = try await send(names, sink.url)
        #expect(letters.map(\.reason) == ["future: Its clock.", "future: Its clock."])
        #expect(sink.requests.map(\.names) == [["a", "b", "c", "d"], ["a", "c", "d"]])
    }

    @Test func whatIsTooLargeGoesInHalves() async throws {
        let sink = try HTTPSink { Answer($0.samples.count > 1 || $0.names == ["c"] ? 413 : 200) }
        let letters = try await send(names, sink.url)
        #expect(letters.map(\.reason) == ["HTTP 413"])
        #expect(sink.requests.filter { $0.samples.count == 1 }.map(\.names) == names.map { [$0] })
    }

    @Test(arguments: [
        (503, "HTTP 503"), (429, "HTTP 429"), (500, "HTTP 500"), (404, "HTTP 404; see the publisher's path"),
        (302, "HTTP 302; redirections are not followed: name the new place"),
        (403, "HTTP 403; see token_file, or user and password, of the publisher"),
    ])
    func everythingElseIsTriedAgain(status: Int, words: String) async throws {
        let sink = try HTTPSink { _ in Answer(status, headers: ["Location": "http://127.0.0.1:1/"]) }
        let postponement = await postponement(sink.url)
        #expect(postponement == Postponement(words, pause: .zero))
        #expect(sink.requests.count == 1)
    }

    @Test func theTimeThatTheOtherSideAsksForIsHeard() async throws {
        let sink = try HTTPSink { _ in Answer(503, headers: ["Retry-After": "7"], body: #"{"detail": "Full."}"#) }
        #expect(await postponement(sink.url) == Postponement("HTTP 503: Full.", pause: .seconds(7)))
    }

    @Test func nobodyThereIsSaidInTheSystemsWords() async throws {
        // Bound, so that nobody else takes the port, and not listened at.
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let port = try LoopbackAddress.bind(descriptor)
        let error = await #expect(throws: (any Error).self) { try await send(["a"], "http://127.0.0.1:\(port)") }
        #expect(error.map { "\($0)" } == "Connection refused (errno 111)")
    }

    @Test func whoDoesNotAnswerIsNotWaitedForLongerThanSaid() async throws {
        let sink = try HTTPSink { _ in
            sleep(600)
            return nil
        }
        let error = await #expect(throws: (any Error).self) { try await send(["a"], "\(sink.url)?timeout=1") }
        #expect(error.map { "\($0)" } == "no answer within 1 s")
    }

    @Test func whoHangsUpIsAskedAgainAsOftenAsSaid() async throws {
        let sink = try HTTPSink { _ in nil }
        let error = await #expect(throws: (any Error).self) { try await send(["a"], "\(sink.url)?max_retries=3") }
        #expect(error.map { "\($0)" } == "the other side closed the connection")
        #expect(sink.requests.count == 4)
    }

    @Test func anAnswerThatStopsInTheMiddleIsNotWaitedForEither() async throws {
        let sink = try HTTPSink { _ in Answer(200, body: #"{"stored": 1, "duplicates": 0, "refused": 0}"#) }
        // The head comes, and some of the body.
        let proxy = try TroubledProxy(to: Int(sink.port), .hungMidway(60))
        defer { proxy.end() }
        let error = await #expect(throws: (any Error).self) {
            try await send(["a"], "http://127.0.0.1:\(proxy.port)?timeout=1")
        }
        #expect(error.map { "\($0)" } == "no answer within 1 s")
        try proxy.begin(.none)
        #expect(try await send(["a"], "http://127.0.0.1:\(proxy.port)?timeout=60") == [])
    }

    @Test func aPageForBrowsersIsNoReceipt() async throws {
        let sink = try HTTPSink { _ in Answer(200, body: "\n<!DOCTYPE html><html><body>Log in</body></html>") }
        #expect(
            await postponement("\(sink.url)/put")?.description
                == "HTTP 200, with a page for browsers; something else answers there: see the publisher's URL")
    }

    @Test func whoAnswersInOurCollectorsPlaceGetsNothing() async throws {
        let answers = Mutex([#"{"stored": 1}"#, "fine", #"{"all": "fine"}"#, "", #"{"stored": 1}"#])
        let sink = try HTTPSink { _ in Answer(200, body: answers.withLock { $0.removeFirst() }) }
        // By its path nobody would know it, but it has said what it stored.
        let sender = try sender("\(sink.url)/elsewhere")
        let batch = await sender.encode([.of("a")])
        #expect(try await sender.send(batch) == [])
        for _ in 1...3 {
            let postponement = await #expect(throws: Postponement.self) { try await sender.send(batch) }
            #expect(postponement?.description.hasPrefix("HTTP 200, but not in the way of our collector;") == true)
        }
        #expect(try await sender.send(batch) == [])
    }

    @Test(arguments: ["", "ok", #"{"detail": "No."}"#])
    func anySuccessIsAReceiptOfWhoNeverAnsweredAsOurCollector(_ body: String) async throws {
        let sink = try HTTPSink { _ in Answer(200, body: body) }
        #expect(try await send(["a"], sink.url) == [])
    }

    private typealias Answer = HTTPSink.Answer
}
