// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import WebClient

/// What every client of ours gets to know of a server, and of one that is none.
@Suite(.timeLimit(.minutes(5))) struct WebClientTests {
    private typealias Answer = HTTPSink.Answer

    private func failure(_ url: String, _ options: WebClient.Options = .init(), within limit: Duration? = nil) async
        -> WebFailure?
    {
        await #expect(throws: WebFailure.self) {
            try await WebClient(options).answer(to: WebRequest("GET", url), within: limit)
        }
    }

    @Test func whatIsAskedArrivesAndWhatIsAnsweredComesBack() async throws {
        let sink = try HTTPSink { _ in Answer(418, headers: ["X-Word": "a", "x-word": "b"], body: "tea") }
        let request = WebRequest(
            "PATCH", "http://127.0.0.1:\(sink.port)/a?b=c", headers: [("X-Token", "t")], body: Array("body".utf8))
        let client = WebClient()
        for _ in 0..<2 {
            let answer = try await client.answer(to: request)
            #expect(answer.status == 418 && !answer.isSuccess && answer.text == "tea")
            #expect(answer.headers["x-word"].map { Set($0.split(separator: ", ")) } == ["a", "b"])
        }
        #expect(sink.requests.map(\.connection) == [0, 0])
        #expect(
            sink.requests.allSatisfy { $0.method == "PATCH" && $0.path == "/a?b=c" && $0.headers["x-token"] == "t" })
        #expect(sink.requests.allSatisfy { $0.body == Data("body".utf8) })
    }

    @Test func aConnectionIsUsedAsOftenAsSaid() async throws {
        let sink = try HTTPSink()
        var options = WebClient.Options()
        options.mostUses = 1
        let client = WebClient(options)
        for _ in 0..<3 { _ = try await client.answer(to: WebRequest("GET", "http://127.0.0.1:\(sink.port)/")) }
        #expect(sink.requests.map(\.connection) == [0, 1, 2])
    }

    @Test func aRedirectionIsFollowedOnlyWhereThatIsSaid() async throws {
        let sink = try HTTPSink {
            $0.path == "/old" ? Answer(301, headers: ["Location": "/new"]) : Answer(200, body: "new")
        }
        let request = WebRequest("GET", "http://127.0.0.1:\(sink.port)/old")
        let answer = try await WebClient().answer(to: request)
        #expect(answer.status == 301 && answer.headers["location"] == "/new")
        var options = WebClient.Options()
        options.followsRedirects = true
        #expect(try await WebClient(options).answer(to: request).text == "new")
    }

    @Test func whoIsNotThereIsTold() async throws {
        let port = try LoopbackAddress.freePort()
        let refused = await failure("http://127.0.0.1:\(port)/")
        #expect(refused?.kind == .notConnected && refused?.description == "Connection refused (errno 111)")
        let unknown = await failure("http://no-such-host.invalid/")
        #expect(unknown?.kind == .notConnected)
        #expect(unknown?.description.hasPrefix("could not connect to no-such-host.invalid:80: ") == true)
        #expect(await failure("127.0.0.1")?.description == "no URL that can be asked")
    }

    @Test func theLimitIsForTheWholeAnswer() async throws {
        let silent = try HTTPSink { _ in
            sleep(600)
            return nil
        }
        #expect(
            await failure("http://127.0.0.1:\(silent.port)/", within: .seconds(1))?.description
                == "no answer within 1 s")
        let sink = try HTTPSink { _ in Answer(200, body: String(repeating: "x", count: 200)) }
        let proxy = try TroubledProxy(to: Int(sink.port), .hungMidway(100))
        defer { proxy.end() }
        #expect(
            await failure("http://127.0.0.1:\(proxy.port)/", within: .seconds(1))?.description
                == "no answer within 1 s")
    }

    @Test func whoHangsUpIsToldFromWhoSpeaksNoHTTP() async throws {
        let sink = try HTTPSink { _ in nil }
        let lost = await failure("http://127.0.0.1:\(sink.port)/")
        #expect(lost?.kind == .connectionLost && lost?.description == "the other side closed the connection")
        let proxy = try TroubledProxy(to: Int(sink.port), .rubbish(TroubledProxy.Rubbish.bytes))
        defer { proxy.end() }
        let rubbish = await failure("http://127.0.0.1:\(proxy.port)/")
        #expect(rubbish?.kind == .other && rubbish?.description == "what answers there speaks no HTTP")
    }

    @Test func noMoreIsReadThanWasSaid() async throws {
        let sink = try HTTPSink { _ in Answer(200, body: String(repeating: "x", count: 2 << 20 | 1)) }
        var options = WebClient.Options()
        options.longestAnswer = 2 << 20
        #expect(
            await failure("http://127.0.0.1:\(sink.port)/", options)?.description == "an answer of over 2 MiB")
    }

    @Test func whoeverIsCancelledIsNotToldOfAFailure() async throws {
        let sink = try HTTPSink { _ in
            sleep(600)
            return nil
        }
        let task = Task { try await WebClient().answer(to: WebRequest("GET", "http://127.0.0.1:\(sink.port)/")) }
        while sink.requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
